package io.vaultkms.platform.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What a service says of itself. Live means that it makes progress, and that a restart would not
 * help; ready means that it can do its work now. From any thread; a check must answer at once.
 */
public final class Health {
  private final Map<String, Supplier<Optional<String>>> liveness = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> readiness = new ConcurrentHashMap<>();

  /** Adds a check of progress, which gives what is wrong or nothing. */
  public void live(String name, Supplier<Optional<String>> problem) {
    liveness.put(name, problem);
  }

  /** Adds a check of readiness, which gives what is wrong or nothing. */
  public void ready(String name, Supplier<Optional<String>> problem) {
    readiness.put(name, problem);
  }

  Answer liveness() {
    return ask(liveness);
  }

  Answer readiness() {
    return ask(readiness);
  }

  private static Answer ask(Map<String, Supplier<Optional<String>>> checks) {
    Map<String, Optional<String>> answers = new LinkedHashMap<>();
    checks.keySet().stream().sorted().forEach(name -> answers.put(name, checks.get(name).get()));
    StringBuilder text = new StringBuilder();
    answers.forEach(
        (name, problem) ->
            text.append(problem.map(why -> "[-]" + name + ": " + why).orElse("[+]" + name + " ok"))
                .append('\n'));
    boolean good = answers.values().stream().allMatch(Optional::isEmpty);
    return new Answer(good, text.append(good ? "ok" : "failed").append('\n').toString());
  }

  record Answer(boolean good, String text) {}
}
