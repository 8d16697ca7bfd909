package io.vaultkms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is deployed exists: programs, their variables, ServiceAccounts, files and metrics. */
class DeploymentFilesTest {
  private static final Map<String, String> MAIN_CLASSES =
      Map.of(
          "config-watcher", "io.vaultkms.configwatcher.ConfigWatcher",
          "plugin-deployer", "io.vaultkms.deployer.PluginDeployer",
          "migrator", "io.vaultkms.migrator.Migrator",
          "health-monitor", "io.vaultkms.health.HealthMonitor");
  private static final List<String> SERVICES =
      List.of("config-watcher", "plugin-deployer", "migrator", "health-monitor");
  private static final Pattern VARIABLE = Pattern.compile("(?m)^ {2}([A-Z][A-Z0-9_]+) ");
  private static final Pattern METRIC = Pattern.compile("\\bvaultkms_[a-z0-9_]+");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  static Stream<Arguments> programs() {
    return Stream.of(
        Arguments.of(List.of("config-watcher"), settings()),
        Arguments.of(List.of("plugin-deployer"), settings()),
        Arguments.of(List.of("migrator"), settings()),
        Arguments.of(List.of("health-monitor"), settings()),
        Arguments.of(List.of("plugin-deployer", "agent"), agentVariables()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void programsKnowTheVariablesTheyAreGiven(
      List<String> command, Set<String> given, @TempDir Path folder) throws Exception {
    String help = run(folder, programHelp(command));

    Set<String> known = new HashSet<>();
    VARIABLE.matcher(help).results().forEach(found -> known.add(found.group(1)));
    assertThat(known).containsAll(given);
  }

  @Test
  void composeAndDeploymentsRunEachServiceByItsName() {
    JsonNode compose = Repository.document("docker-compose.yml").path("services");
    Map<String, String> deployed = new TreeMap<>();
    for (Path file : Repository.files("deploy/base/services", ".yaml")) {
      for (JsonNode document : Repository.documents(file)) {
        if (document.path("kind").asText().equals("Deployment")) {
          JsonNode pod = document.at("/spec/template/spec");
          assertThat(pod.path("serviceAccountName")).isEqualTo(document.at("/metadata/name"));
          deployed.put(
              document.at("/metadata/name").asText(), pod.at("/containers/0/args/0").asText());
        }
      }
    }

    assertThat(deployed.keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
    assertThat(deployed).allSatisfy((name, program) -> assertThat(program).isEqualTo(name));
    for (String service : SERVICES) {
      assertThat(compose.path(service).path("command").path(0).asText()).isEqualTo(service);
      assertThat(MAIN_CLASSES).containsKey(service);
    }
  }

  @Test
  void servicesRunWithoutPrivileges() {
    for (Path file : Repository.files("deploy/base", ".yaml")) {
      for (JsonNode document : Repository.documents(file)) {
        JsonNode container = document.at("/spec/template/spec/containers/0");
        if (container.isMissingNode()) {
          continue;
        }
        JsonNode security = container.path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).as("%s", file).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
      }
    }
  }

  @Test
  void everyServiceAccountIsBoundAndEveryBindingFindsItsRole() {
    Set<String> accounts = new TreeSet<>();
    Set<String> roles = new TreeSet<>();
    Set<String> bound = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    for (Path file : Repository.files("deploy/rbac", ".yaml")) {
      for (JsonNode document : Repository.documents(file)) {
        String namespace = document.at("/metadata/namespace").asText();
        String name = document.at("/metadata/name").asText();
        switch (document.path("kind").asText()) {
          case "ServiceAccount" -> accounts.add(namespace + "/" + name);
          case "Role", "ClusterRole" -> roles.add(namespace + "/" + name);
          case "RoleBinding", "ClusterRoleBinding" -> {
            used.add(namespace + "/" + document.at("/roleRef/name").asText());
            JsonNode subject = document.at("/subjects/0");
            bound.add(subject.path("namespace").asText() + "/" + subject.path("name").asText());
          }
          default -> {}
        }
      }
    }
    // For people, by aggregation.
    roles.remove("/vaultkms-view");

    assertThat(bound).isEqualTo(accounts);
    assertThat(used).isEqualTo(roles);
  }

  @Test
  void noRoleHasAWildcard() {
    for (Path file : Repository.files("deploy/rbac", ".yaml")) {
      for (JsonNode document : Repository.documents(file)) {
        assertThat(document.path("rules").toString()).as("%s", file).doesNotContain("*");
      }
    }
  }

  @Test
  void everyFileThatAKustomizationNamesIsThere() {
    for (Path file : Repository.files("deploy", "kustomization.yaml")) {
      JsonNode kustomization = Repository.documents(file).getFirst();
      List<String> named = new ArrayList<>();
      kustomization.path("resources").forEach(resource -> named.add(resource.asText()));
      named.addAll(kustomization.path("patches").findValuesAsText("path"));
      assertThat(named)
          .allSatisfy(name -> assertThat(file.resolveSibling(name).normalize()).exists());
    }
  }

  @Test
  void everyMetricOnTheDashboardAndInTheRulesIsDocumented() {
    StringBuilder documented = new StringBuilder();
    for (String module : List.of("platform", "config-watcher", "migrator", "health-monitor")) {
      Path readme = Repository.ROOT.resolve(module).resolve("README.md");
      assumeTrue(Files.exists(readme), module + " has no README.md with its metrics yet");
      documented.append(Repository.text(readme));
    }
    Set<String> shown = new TreeSet<>();
    JsonNode dashboard = Repository.document("deploy/grafana/dashboards/pipeline.json");
    dashboard.findValuesAsText("expr").forEach(expression -> addMetrics(expression, shown));
    Repository.document("deploy/prometheus/rules.yml")
        .findValuesAsText("expr")
        .forEach(expression -> addMetrics(expression, shown));

    Set<String> known = new TreeSet<>();
    addMetrics(documented.toString(), known);
    assertThat(shown).isNotEmpty().allSatisfy(metric -> assertThat(known).contains(metric));
  }

  @Test
  void everyPanelAsksThroughTheChosenDataSource() {
    JsonNode dashboard = Repository.document("deploy/grafana/dashboards/pipeline.json");
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      }
    }
  }

  @Test
  void prometheusScrapesEveryService() {
    JsonNode targets =
        Repository.document("deploy/prometheus/prometheus.yml")
            .at("/scrape_configs/0/static_configs/0/targets");

    assertThat(targets)
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(SERVICES.stream().map(name -> name + ":8080").toList());
  }

  @Test
  void dockerComposeTakesItsFile(@TempDir Path folder) throws Exception {
    assumeTrue(
        onPath("docker-compose"), "docker-compose is not installed: its file is not checked");

    run(folder, List.of("docker-compose", "-f", root("docker-compose.yml"), "config", "-q"));
  }

  @Test
  void promtoolTakesTheRulesAndTheirTests(@TempDir Path folder) throws Exception {
    assumeTrue(onPath("promtool"), "promtool is not installed: the alert rules are not tested");

    run(folder, List.of("promtool", "check", "config", root("deploy/prometheus/prometheus.yml")));
    run(folder, List.of("promtool", "test", "rules", root("deploy/prometheus/rules_test.yml")));
  }

  /** What compose and the ConfigMap give to services. */
  private static Set<String> settings() {
    Set<String> names = new TreeSet<>();
    JsonNode compose = Repository.document("docker-compose.yml").path("services");
    for (String service : SERVICES) {
      compose.path(service).path("environment").forEachEntry((name, value) -> names.add(name));
    }
    Repository.text(Repository.ROOT.resolve("deploy/base/services/settings.env"))
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> names.add(line.substring(0, line.indexOf('='))));
    names.add("KAFKA_PROPERTIES_FILE");
    return names;
  }

  /** What the DaemonSet gives to the agent, but for what only other variables refer to. */
  private static Set<String> agentVariables() {
    Set<String> names = new TreeSet<>();
    Set<String> references = new TreeSet<>();
    List<JsonNode> sources =
        List.of(
            Repository.document("deploy/base/agent/node-agent.yaml"),
            Repository.document("deploy/overlays/kubernetes/own-api-server.yaml"));
    for (JsonNode source : sources) {
      for (JsonNode variable : source.at("/spec/template/spec/containers/0/env")) {
        names.add(variable.path("name").asText());
        Matcher referred = REFERENCE.matcher(variable.path("value").asText());
        referred.results().forEach(found -> references.add(found.group(1)));
      }
    }
    names.removeAll(references);
    return names;
  }

  private static void addMetrics(String text, Set<String> metrics) {
    METRIC.matcher(text).results().forEach(found -> metrics.add(found.group()));
  }

  private static List<String> programHelp(List<String> command) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    java.add(System.getProperty("java.class.path"));
    java.add(MAIN_CLASSES.get(command.getFirst()));
    java.addAll(command.subList(1, command.size()));
    java.add("--help");
    return java;
  }

  /** What a command prints; it must end with 0. */
  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Repository.text(output);
    assertThat(process.exitValue()).as("%s%n%s", command, text).isZero();
    return text;
  }

  private static String root(String path) {
    return Repository.ROOT.resolve(path).toString();
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
