package io.vaultkms.model.event;

import io.vaultkms.model.config.Violation;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Events of any type with fields out of a seed, awkward ones among them. */
final class RandomEvents {
  private static final List<String> TEXTS =
      List.of("", "-", "a/b", "a", "b/c", "%2D", "ü ñ 漢字", "\"quoted\"\n", "kube-apiserver", "{}");

  private final Random random;

  RandomEvents(long seed) {
    this.random = new Random(seed);
  }

  <E extends Event> E next(Class<E> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] =
          components[i].getName().equals("clusterId")
              ? "cluster/" + random.nextInt(3)
              : value(components[i]);
    }
    return create(type, values);
  }

  static <E> E create(Class<E> type, Object[] values) {
    try {
      Class<?>[] parameters =
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<E> constructor = type.getDeclaredConstructor(parameters);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Object value(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) {
      return text();
    } else if (type == long.class) {
      return random.nextLong(1000);
    } else if (type == double.class) {
      return random.nextInt(100_000) / 1000.0;
    } else if (type == Instant.class) {
      return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    } else if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    } else if (type == Map.class) {
      Map<String, String> map = new LinkedHashMap<>();
      many().forEach(i -> map.put(text(), text()));
      return map;
    }
    String generic = component.getGenericType().getTypeName();
    return many().mapToObj(i -> element(generic)).toList();
  }

  private Object element(String listType) {
    return switch (listType.replaceAll(".*[.<](\\w+)>", "$1")) {
      case "String" -> text();
      case "FieldChange" -> new FieldChange(text(), text(), text());
      case "Violation" -> new Violation(text(), text(), text());
      case "NodePreflight" -> new NodePreflight(text(), text(), 0.5, 1.25, random.nextInt(50));
      case "ResourceCounts" -> new ResourceCounts(text(), 5, 4, 3, 2, 1, random.nextInt(50), 2.5);
      default -> throw new AssertionError("no way to make a " + listType);
    };
  }

  private IntStream many() {
    return IntStream.range(0, random.nextInt(4));
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }
}
