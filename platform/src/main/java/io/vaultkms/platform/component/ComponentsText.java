package io.vaultkms.platform.component;

import io.vaultkms.model.decision.Component;
import io.vaultkms.platform.component.Rollout.OfDeployment;
import io.vaultkms.platform.component.Rollout.StaticPods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads components out of a text such as {@code kube-apiserver=secrets,configmaps;
 * openshift-apiserver=routes.route.openshift.io@openshift-apiserver/apiserver}, and says all that
 * is wrong with it.
 */
final class ComponentsText {
  private static final String SHAPE = "must be name=resource,…[@namespace/deployment]";

  /**
   * Their KMS providers would have one name, and API servers refuse, or do not start with, that.
   */
  private static final String SAME_WITHOUT_GROUP =
      "must differ from %s before the first dot: a component's KMS providers are named after that";

  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final Pattern ENTRY =
      Pattern.compile("([^=@]+)=([^=@]+)(?:@([^=@/]+)/([^=@/]+))?");

  /** With {@code openshift-} before it, a name is a namespace's. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?");

  private static final Pattern RESOURCE = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern DNS_LABEL = Pattern.compile(LABEL);

  private final BiConsumer<String, String> problem;
  private final List<ComponentSettings> found = new ArrayList<>();
  private final Map<String, String> ownerOf = new HashMap<>();

  private ComponentsText(BiConsumer<String, String> problem) {
    this.problem = problem;
  }

  /**
   * @param problem takes each value that is wrong, and the rule that it breaks
   */
  static Components parse(String text, BiConsumer<String, String> problem) {
    return switch (text) {
      case "auto" -> new Components.Detected();
      case "openshift" -> new Components.Listed(ComponentSettings.OPENSHIFT);
      case "kubernetes" -> new Components.Listed(List.of(ComponentSettings.KUBE_APISERVER));
      default -> new ComponentsText(problem).entries(text);
    };
  }

  private Components entries(String text) {
    for (String entry : text.split(";", -1)) {
      entry(entry.strip());
    }
    return new Components.Listed(found);
  }

  private void entry(String entry) {
    Matcher parts = ENTRY.matcher(entry);
    if (!parts.matches()) {
      problem.accept(entry, SHAPE);
      return;
    }
    String name = parts.group(1).strip();
    if (!NAME.matcher(name).matches()) {
      problem.accept(name, "must be 1 to 52 lower case letters, digits and '-'");
    } else if (found.stream().anyMatch(other -> other.name().equals(name))) {
      problem.accept(name, "must be named once");
    }
    Set<String> resources = resources(name, parts.group(2));
    Rollout rollout =
        Optional.ofNullable(parts.group(3))
            .map(namespace -> deployment(namespace.strip(), parts.group(4).strip()))
            .orElseGet(StaticPods::new);
    ComponentSettings settings =
        new ComponentSettings(new Component(name, new TreeSet<>(resources)), rollout);
    alone(settings);
    found.add(settings);
  }

  private Set<String> resources(String component, String text) {
    Set<String> resources = new HashSet<>();
    Map<String, String> withoutGroup = new HashMap<>();
    for (String each : text.split(",", -1)) {
      String resource = each.strip();
      if (!RESOURCE.matcher(resource).matches()) {
        problem.accept(
            resource,
            "must be a resource with its group, such as secrets or routes.route.openshift.io");
        continue;
      }
      String owner = ownerOf.putIfAbsent(resource, component);
      if (owner != null) {
        problem.accept(
            resource,
            owner.equals(component)
                ? "must be named once"
                : "must be encrypted by one component alone, and %s has it already"
                    .formatted(owner));
      }
      String other = withoutGroup.putIfAbsent(resource.split("\\.", 2)[0], resource);
      if (other != null && !other.equals(resource)) {
        problem.accept(resource, SAME_WITHOUT_GROUP.formatted(other));
      }
      resources.add(resource);
    }
    return resources;
  }

  private Rollout deployment(String namespace, String name) {
    for (String part : List.of(namespace, name)) {
      if (!DNS_LABEL.matcher(part).matches()) {
        problem.accept(part, "must be 1 to 63 lower case letters, digits and '-'");
      }
    }
    return new OfDeployment(namespace, name);
  }

  /**
   * On one node two components would share sockets and the node's report, and in one Deployment
   * they would take out each other's plugins. The copies of their bundles are in the namespace of
   * each, under names that do not say whose they are.
   */
  private void alone(ComponentSettings settings) {
    String component = settings.name();
    List<ComponentSettings> others =
        found.stream().filter(other -> !other.name().equals(component)).toList();
    if (settings.rollout() instanceof StaticPods) {
      Optional<ComponentSettings> same =
          others.stream().filter(other -> other.rollout() instanceof StaticPods).findFirst();
      if (same.isPresent()) {
        problem.accept(
            component,
            "must name its deployment: only one component can run as static pods, and %s does"
                .formatted(same.get().name()));
        return;
      }
    }
    others.stream()
        .filter(other -> other.namespace().equals(settings.namespace()))
        .findFirst()
        .ifPresent(
            other ->
                problem.accept(
                    component,
                    "must have a namespace of its own: %s is that of %s"
                        .formatted(settings.namespace(), other.name())));
  }
}
