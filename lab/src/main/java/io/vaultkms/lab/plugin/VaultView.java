package io.vaultkms.lab.plugin;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin last learnt of Vault: the newest version of the key, and for each thing that it
 * needs from Vault, whether that works. What was not asked yet does not work yet. Thread-safe.
 */
final class VaultView {
  /** The things needed, in the order in which a problem is told. */
  enum Need {
    KEY,
    LICENSE,
    ENCRYPT,
    DECRYPT
  }

  private final Map<Need, String> problems = new EnumMap<>(Need.class);
  private int version;

  VaultView() {
    for (Need need : Need.values()) {
      problems.put(need, "not checked with Vault yet");
    }
  }

  synchronized void works(Need need) {
    String before = problem();
    problems.remove(need);
    tellChange(before);
  }

  synchronized void fails(Need need, VaultFailure failure) {
    String before = problem();
    problems.put(need, String.valueOf(failure.getMessage()));
    tellChange(before);
  }

  synchronized boolean isProven(Need need) {
    return !problems.containsKey(need);
  }

  /** A version never goes back: an answer that was overtaken by a newer one changes nothing. */
  synchronized void saw(int newer) {
    if (newer > version) {
      PluginLog.say("the key's version is " + newer + (version > 0 ? ", was " + version : ""));
      version = newer;
    }
  }

  /** The newest version seen, 0 for none. */
  synchronized int version() {
    return version;
  }

  /** The first problem, or null if all is well. */
  synchronized @Nullable String problem() {
    return problems.isEmpty() ? null : problems.values().iterator().next();
  }

  private void tellChange(@Nullable String before) {
    String now = problem();
    if (now == null && before != null) {
      PluginLog.say("ok");
    } else if (now != null && !now.equals(before)) {
      PluginLog.say(now);
    }
  }
}
