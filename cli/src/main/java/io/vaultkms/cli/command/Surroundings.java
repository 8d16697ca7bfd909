package io.vaultkms.cli.command;

import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * What a command finds around it. A command class that needs it has a constructor that takes it.
 *
 * @param environment the environment variables
 * @param in standard input
 * @param terminal whether standard output is a terminal that understands control sequences
 */
public record Surroundings(
    Map<String, String> environment, InputStream in, Clock clock, boolean terminal) {

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Makes commands and options, and gives them these surroundings if they want them. */
  public IFactory factory() {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == Surroundings.class) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(Surroundings.this));
          }
        }
        return CommandLine.defaultFactory().create(type);
      }
    };
  }

  /** Variables may hold credentials. */
  @Override
  public String toString() {
    return "Surroundings[terminal=" + terminal + "]";
  }
}
