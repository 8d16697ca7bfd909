package io.vaultkms.migrator.run;

import java.time.Duration;

/**
 * How a run goes about it.
 *
 * @param pageSize objects of one page of a list
 * @param requestTimeout how long a request that an API server took may still write afterwards
 * @param retryBudget how long one request is repeated
 * @param resourcesAtOnce how many resources are worked on at the same time
 * @param lookInterval how often it is looked whether the run may go on
 * @param patience how long a run is left to another replica that has the work
 */
public record RunSettings(
    int pageSize,
    Duration requestTimeout,
    Duration retryBudget,
    int resourcesAtOnce,
    Duration lookInterval,
    Duration patience) {}
