package io.vaultkms.model.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a plugin is started with. Secret: it never leaves the node, and has no readable {@code
 * toString}.
 *
 * @param arguments the command line behind the program, which is the image's own
 * @param files contents by name, to be in the plugin's folder before it starts
 */
public record PluginLaunch(List<String> arguments, SortedMap<String, byte[]> files) {
  public PluginLaunch {
    arguments = List.copyOf(arguments);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  @Override
  public String toString() {
    return "PluginLaunch" + files.keySet();
  }
}
