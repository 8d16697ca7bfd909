package io.vaultkms.lab.plugin;

import io.vaultkms.lab.plugin.VaultView.Need;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks Vault again and again, on a thread of its own: for the key's newest version each time, and
 * for whatever else has not worked yet or has stopped to work, so that Status gets well again
 * without anyone calling. After a failure it asks sooner than usual, then ever less often.
 */
final class VaultWatch {
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final byte[] PROBE = "vault-kms probe".getBytes(StandardCharsets.US_ASCII);

  private final VaultSession session;
  private final VaultKey key;
  private final VaultView view;
  private final PluginFlags flags;

  VaultWatch(VaultSession session, VaultKey key, VaultView view, PluginFlags flags) {
    this.session = session;
    this.key = key;
    this.view = view;
    this.flags = flags;
  }

  /** One step that may fail, and what it proves. */
  private interface Step {
    void run(TimeLimit limit) throws VaultFailure;
  }

  /** Runs until the thread is interrupted. */
  void run() {
    Duration retry = FIRST_RETRY;
    try {
      while (true) {
        look();
        boolean good = view.problem() == null;
        pause(good ? flags.pollInterval() : shorter(retry, flags.pollInterval()));
        retry = good ? FIRST_RETRY : shorter(retry.multipliedBy(2), flags.pollInterval());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Up to a fifth less than told, so that plugins started together do not ask together. */
  private static void pause(Duration time) throws InterruptedException {
    long millis = time.toMillis();
    Thread.sleep(millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void look() {
    boolean reached =
        check(
            Need.KEY,
            limit -> {
              session.keepFresh(limit);
              view.saw(key.latestVersion(limit));
            });
    if (!reached) {
      return;
    }
    if (!view.isProven(Need.LICENSE)) {
      check(Need.LICENSE, key::checkLicense);
    }
    if (!view.isProven(Need.ENCRYPT) || !view.isProven(Need.DECRYPT)) {
      proveRoundTrip();
    }
  }

  /** Only after the key was read: to encrypt with a key that is missing could make it. */
  private void proveRoundTrip() {
    VaultKey.Wrapped[] wrapped = new VaultKey.Wrapped[1];
    boolean encrypted = check(Need.ENCRYPT, limit -> wrapped[0] = key.encrypt(PROBE, limit));
    if (encrypted) {
      check(Need.DECRYPT, limit -> key.decrypt(wrapped[0].ciphertext(), limit));
    }
  }

  private boolean check(Need need, Step step) {
    try {
      step.run(TimeLimit.in(flags.timeout()));
      view.works(need);
      return true;
    } catch (VaultFailure e) {
      view.fails(need, e);
      return false;
    } catch (RuntimeException e) {
      view.fails(
          need,
          VaultFailure.unreachable(
              "Vault's answer makes no sense: " + e.getClass().getSimpleName()));
      return false;
    }
  }
}
