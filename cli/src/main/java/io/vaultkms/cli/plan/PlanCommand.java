package io.vaultkms.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.ComponentOptions;
import io.vaultkms.cli.command.KubernetesOptions;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.cli.validate.DocumentCheck;
import io.vaultkms.cli.validate.DocumentFile;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a configuration would do, and does none of it. */
@Command(
    name = "plan",
    header = "Says what a configuration would do to the cluster as it stands.",
    description = {
      "The document is judged by all rules, and then by the very decision that the services act on,"
          + " with every step imagined to go well. Nothing is changed. It reads the Secret and the"
          + " ConfigMap that the document names, as the services do, and shows nothing of them.",
      "",
      "Exit codes: 0 it would work, or there is nothing to do; 1 it is not valid, something is in"
          + " its way, or the cluster did not answer; 2 cannot be read, or holds no APIServer or"
          + " several.",
    })
public final class PlanCommand implements Callable<Integer> {
  private final Clock clock;

  @Spec private CommandSpec spec;
  @Mixin private DocumentFile file;
  @Mixin private KubernetesOptions cluster;

  @Mixin private ComponentOptions components;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  private PlanCommand(Surroundings surroundings) {
    this.clock = surroundings.clock();
  }

  /** What {@code --json} prints. */
  record Report(boolean possible, List<Violation> violations, List<Plan> components) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Report report = report(document());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(report));
    } else {
      report.violations().forEach(violation -> out.println(file.name() + ": " + violation));
      report.components().forEach(plan -> PlanText.of(plan).forEach(out::println));
    }
    return report.possible() ? ExitCode.OK : 1;
  }

  private JsonNode document() {
    List<JsonNode> documents = file.read();
    if (documents.size() > 1) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--file '%s' holds %d APIServers, and a plan is for one"
              .formatted(file.name(), documents.size()));
    }
    return documents.getFirst();
  }

  /** What breaks a rule needs no cluster to be refused. */
  private Report report(JsonNode document) throws IOException, InterruptedException {
    List<Violation> violations = DocumentCheck.violations(document);
    if (!violations.isEmpty()) {
      return new Report(false, violations, List.of());
    }
    JsonNode encryption = document.at("/spec/encryption");
    EncryptionSpec wanted =
        encryption.isObject()
            ? Json.MAPPER.convertValue(encryption, EncryptionSpec.class)
            : EncryptionSpec.NONE;
    Components known = components.read();
    try (KubernetesClient client = cluster.connect()) {
      List<Plan> plans = new ClusterPlans(client, clock).of(wanted, known);
      return new Report(plans.stream().allMatch(Plan::possible), List.of(), plans);
    }
  }
}
