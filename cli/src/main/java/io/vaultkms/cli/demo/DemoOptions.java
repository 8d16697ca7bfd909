package io.vaultkms.cli.demo;

import java.time.Duration;

/**
 * What the demo is asked for.
 *
 * @param keep stay up at the end, until Ctrl-C
 * @param json one JSON document on standard output and nothing else there
 * @param limit how long it may take until settled
 */
record DemoOptions(
    int nodes, int secrets, int configMaps, boolean keep, boolean json, Duration limit) {}
