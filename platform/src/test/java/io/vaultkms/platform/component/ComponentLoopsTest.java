package io.vaultkms.platform.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.platform.work.LookLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComponentLoopsTest {
  /** A loop looks at once, and once more for what may have happened before it began. */
  private static final int FIRST = 2;

  private static final Duration LONG = Duration.ofHours(1);
  private static final Components THREE = new Components.Listed(ComponentSettings.OPENSHIFT);

  private final KubernetesClient nobody = new KubernetesClientBuilder().build();
  private final Map<String, AtomicInteger> looks = new ConcurrentHashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void stop() {
    held.countDown();
    nobody.close();
  }

  @Test
  void aComponentThatHangsHoldsUpNoOther() {
    try (ComponentLoops loops =
        loops(
            component -> {
              if (component.equals("oauth-apiserver")) {
                held.await();
              }
            })) {
      await().untilAsserted(() -> assertThat(looksAt("kube-apiserver")).isEqualTo(FIRST));
      await().untilAsserted(() -> assertThat(looksAt("openshift-apiserver")).isEqualTo(FIRST));
      for (int look = FIRST + 1; look < FIRST + 4; look++) {
        int wanted = look;
        loops.wake();
        await().untilAsserted(() -> assertThat(looksAt("kube-apiserver")).isEqualTo(wanted));
        await().untilAsserted(() -> assertThat(looksAt("openshift-apiserver")).isEqualTo(wanted));
      }
      assertThat(looksAt("oauth-apiserver")).isEqualTo(1);
    }
  }

  @Test
  void theProblemOfOneIsToldWithItsName() {
    try (ComponentLoops loops =
        loops(
            component -> {
              if (component.equals("openshift-apiserver")) {
                throw new IOException("no answer");
              }
            })) {
      await()
          .untilAsserted(
              () ->
                  assertThat(loops.problem())
                      .isEqualTo(Optional.of("openshift-apiserver: no answer")));
    }
  }

  @Test
  void aWakeIsForItsComponentAlone() {
    try (ComponentLoops loops = loops(component -> {})) {
      await().untilAsserted(() -> assertThat(looks.values()).allMatch(n -> n.get() == FIRST));
      assertThat(looks).hasSize(3);
      loops.wake("openshift-apiserver");
      await().untilAsserted(() -> assertThat(looksAt("openshift-apiserver")).isEqualTo(FIRST + 1));
      assertThat(looksAt("kube-apiserver")).isEqualTo(FIRST);
    }
  }

  private interface Act {
    void on(String component) throws Exception;
  }

  private ComponentLoops loops(Act act) {
    return new ComponentLoops(
            "test",
            THREE,
            nobody,
            settings ->
                new LookLoop(
                    "test",
                    LONG,
                    () -> {
                      looks
                          .computeIfAbsent(settings.name(), _ -> new AtomicInteger())
                          .incrementAndGet();
                      act.on(settings.name());
                      return LONG;
                    }))
        .start();
  }

  private int looksAt(String component) {
    return looks.getOrDefault(component, new AtomicInteger()).get();
  }
}
