/** Benchmarks: what this pipeline does beside what others do, on one control plane in one run. */
@NullMarked
package io.vaultkms.cli.bench;

import org.jspecify.annotations.NullMarked;
