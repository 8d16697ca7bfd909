package io.vaultkms.cli.plan;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.ObjectCounts;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a plan rests on. Blocks, and writes nothing. */
final class ClusterPlans {
  private final KubernetesClient client;
  private final Clock clock;

  ClusterPlans(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** A plan for each of these components of the cluster. */
  List<Plan> of(EncryptionSpec spec, Components components)
      throws IOException, InterruptedException {
    WantedReader reader = new WantedReader(client);
    WantedReader.Document document = reader.readAs(nextGeneration(), spec);
    List<Plan> plans = new ArrayList<>();
    for (ComponentSettings component : components.of(client)) {
      Observation seen =
          new Observer(client, component, Observation.Limits.DEFAULT, clock).observe(document);
      Planner planner = new Planner(WantedReader.withContents(seen, reader.contents(seen)));
      plans.add(
          planner.plan(
              new ObjectCounts(client).of(planner.rewritten()),
              status(component).flatMap(MeasuredRate::of)));
    }
    return plans;
  }

  private long nextGeneration() {
    GenericKubernetesResource object =
        client
            .genericKubernetesResources(Contract.API_SERVERS)
            .withName(Contract.API_SERVER_NAME)
            .get();
    return object == null || object.getMetadata().getGeneration() == null
        ? 1
        : object.getMetadata().getGeneration() + 1;
  }

  private Optional<StatusReport> status(ComponentSettings component) {
    GenericKubernetesResource object =
        client
            .genericKubernetesResources(Contract.ENCRYPTION_STATUSES)
            .withName(component.name())
            .get();
    return Optional.ofNullable(object)
        .map(found -> found.get("status"))
        .map(status -> Json.MAPPER.convertValue(status, StatusReport.class));
  }
}
