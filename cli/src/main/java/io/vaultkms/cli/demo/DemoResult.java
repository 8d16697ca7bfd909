package io.vaultkms.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** The one JSON document: what came of it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DemoResult(
    String result,
    String reason,
    String backend,
    int nodes,
    Objects objects,
    Census census,
    List<Stage> chapters,
    List<Stage> stages,
    long events,
    List<Pid> processes,
    double seconds) {

  /** How many stored objects there are, and how many of them are under the expected key. */
  record Objects(long total, long encrypted) {}

  /** Counts by the prefix that values are stored under. */
  record Census(Map<String, Long> before, Map<String, Long> after) {}

  /** A stage and how long it took. */
  record Stage(String name, double seconds) {}

  /** One of the processes. */
  record Pid(String name, long pid) {}

  static final String SETTLED = "settled";
  static final String FAILED = "failed";
}
