package io.vaultkms.cli.demo;

import io.vaultkms.lab.kubeapi.KubeAssets;
import java.time.Duration;
import java.util.Optional;

/**
 * What the demo is asked for.
 *
 * @param keep stay up at the end, until Ctrl-C
 * @param json one JSON document on standard output and nothing else there
 * @param kubeAssets the programs of a real control plane; without them a stand-in is used
 * @param waitReload a stand-in looks at its file as seldom as a real API server
 * @param limit how long it may take until settled
 */
record DemoOptions(
    int nodes,
    int secrets,
    int configMaps,
    boolean keep,
    boolean json,
    Optional<KubeAssets> kubeAssets,
    boolean waitReload,
    Duration limit) {}
