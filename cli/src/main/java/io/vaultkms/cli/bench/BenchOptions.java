package io.vaultkms.cli.bench;

import io.vaultkms.lab.kubeapi.KubeAssets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param objects how many Secrets, one series of rounds for each number
 * @param ways which of them
 * @param rounds how often each way is measured
 * @param seed of the Secrets' contents
 * @param kubeAssets the programs of a real control plane; else the stand-in is measured
 * @param dist where the programs of this pipeline are
 */
record BenchOptions(
    List<Integer> objects,
    Set<Way> ways,
    int rounds,
    long seed,
    Optional<KubeAssets> kubeAssets,
    Path dist) {
  BenchOptions {
    objects = List.copyOf(objects);
    ways = Collections.unmodifiableSet(EnumSet.copyOf(ways));
  }
}
