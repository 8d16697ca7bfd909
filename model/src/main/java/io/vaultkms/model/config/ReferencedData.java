package io.vaultkms.model.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of the Secrets and ConfigMaps that a configuration names, by {@link
 * Reference#entry}. Secret: it never leaves the process but into Secrets, and has no readable
 * {@code toString}.
 */
public record ReferencedData(SortedMap<String, byte[]> entries) {
  public static final ReferencedData NONE = new ReferencedData(new TreeMap<>());

  public ReferencedData {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  public static ReferencedData of(Map<String, byte[]> entries) {
    return new ReferencedData(new TreeMap<>(entries));
  }

  /** What the references ask for and these contents do not have. */
  public List<Violation> missing(List<Reference> references) {
    List<Violation> missing = new ArrayList<>();
    for (Reference reference : references) {
      for (String dataKey : reference.dataKeys()) {
        byte[] value = entries.get(reference.entry(dataKey));
        if (value == null || value.length == 0) {
          missing.add(
              new Violation(
                  reference.field(),
                  reference.name(),
                  "must name a %s in openshift-config with a value under the data key %s"
                      .formatted(reference.kind().kind(), dataKey)));
        }
      }
    }
    return List.copyOf(missing);
  }

  @Override
  public String toString() {
    return "ReferencedData" + entries.keySet();
  }
}
