package io.vaultkms.cli.demo;

import io.vaultkms.lab.kubeapi.KubeAssets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the demo is asked for.
 *
 * @param chapters what to show, in order
 * @param keep stay up at the end, until Ctrl-C
 * @param json one JSON document on standard output and nothing else there
 * @param kubeAssets the programs of a real control plane; without them a stand-in is used
 * @param waitReload a stand-in looks at its file as seldom as a real API server
 * @param limit how long each thing may take that is waited for
 */
record DemoOptions(
    int nodes,
    int secrets,
    int configMaps,
    List<Chapter> chapters,
    boolean keep,
    boolean json,
    Optional<KubeAssets> kubeAssets,
    boolean waitReload,
    Duration limit) {}
