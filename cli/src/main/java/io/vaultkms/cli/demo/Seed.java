package io.vaultkms.cli.demo;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The objects that are there before anybody thinks of encryption. Contents come from a seeded
 * generator, so that they can be compared in the end without being remembered.
 */
final class Seed {
  private static final String NAMESPACE = "demo";
  private static final int SECRET_BYTES = 512;
  private static final int WORKERS = 8;
  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final int secrets;
  private final int configMaps;

  Seed(KubernetesClient client, int secrets, int configMaps) {
    this.client = client;
    this.secrets = secrets;
    this.configMaps = configMaps;
  }

  void write() {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .createOr(existing -> existing.update());
    each(secrets, number -> client.resource(secret(number)).create());
    each(configMaps, number -> client.resource(configMap(number)).create());
  }

  /** Reads every object back; empty when all are equal to what was written. */
  String differences() {
    Map<String, String> found = new HashMap<>();
    each(
        secret -> found.put(name(secret), secret.getData().get("value")),
        configMap -> found.put(name(configMap), configMap.getData().get("value")));
    return compare(found);
  }

  /** The resource version of every object. */
  Map<String, String> versions() {
    Map<String, String> found = new HashMap<>();
    each(
        secret -> found.put(name(secret), secret.getMetadata().getResourceVersion()),
        configMap -> found.put(name(configMap), configMap.getMetadata().getResourceVersion()));
    return found;
  }

  private void each(Consumer<Secret> ofSecrets, Consumer<ConfigMap> ofConfigMaps) {
    String next = null;
    do {
      var page = client.secrets().inNamespace(NAMESPACE).list(options(next));
      page.getItems().forEach(ofSecrets);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    do {
      var page = client.configMaps().inNamespace(NAMESPACE).list(options(next));
      page.getItems().stream().filter(Seed::isOurs).forEach(ofConfigMaps);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  /** Kubernetes puts a ConfigMap with its own CA into every namespace. */
  private static boolean isOurs(ConfigMap configMap) {
    return configMap.getMetadata().getName().startsWith("configmap-");
  }

  private static String name(HasMetadata object) {
    return "%s %s"
        .formatted(object.getKind().toLowerCase(Locale.ROOT), object.getMetadata().getName());
  }

  private String compare(Map<String, String> found) {
    for (int number = 0; number < secrets; number++) {
      Secret wanted = secret(number);
      String name = wanted.getMetadata().getName();
      if (!wanted.getData().get("value").equals(found.get("secret " + name))) {
        return "secret %s/%s did not read back equal".formatted(NAMESPACE, name);
      }
    }
    for (int number = 0; number < configMaps; number++) {
      ConfigMap wanted = configMap(number);
      String name = wanted.getMetadata().getName();
      if (!wanted.getData().get("value").equals(found.get("configmap " + name))) {
        return "configmap %s/%s did not read back equal".formatted(NAMESPACE, name);
      }
    }
    return "";
  }

  private static io.fabric8.kubernetes.api.model.ListOptions options(String next) {
    return new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
  }

  private static Secret secret(int number) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("secret-" + number)
        .endMetadata()
        .addToData("value", value(number))
        .build();
  }

  private static ConfigMap configMap(int number) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("configmap-" + number)
        .endMetadata()
        .addToData("value", value(-1 - number))
        .build();
  }

  private static String value(int seed) {
    byte[] bytes = new byte[SECRET_BYTES];
    new Random(seed).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void each(int count, IntConsumer work) {
    try (ExecutorService workers =
        Executors.newFixedThreadPool(WORKERS, Thread.ofVirtual().factory())) {
      var tasks =
          IntStream.range(0, WORKERS)
              .mapToObj(
                  worker ->
                      workers.submit(
                          () -> {
                            for (int number = worker; number < count; number += WORKERS) {
                              work.accept(number);
                            }
                          }))
              .toList();
      for (Future<?> task : tasks) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw new DemoFailure("seeding failed: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("seeding was interrupted");
    }
  }
}
