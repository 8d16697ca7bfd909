package io.vaultkms.platform.component;

import io.vaultkms.model.decision.Component;
import java.util.List;
import java.util.TreeSet;

/**
 * One component as this pipeline looks after it.
 *
 * @param component its name and what it encrypts
 */
public record ComponentSettings(Component component, Rollout rollout) {
  /** What every cluster has. */
  public static final ComponentSettings KUBE_APISERVER =
      new ComponentSettings(Component.KUBE_APISERVER, new Rollout.StaticPods());

  private static final String OPENSHIFT_PREFIX = "openshift-";

  /** What OpenShift's operators encrypt, and where. */
  static final List<ComponentSettings> OPENSHIFT =
      List.of(
          KUBE_APISERVER,
          new ComponentSettings(
              new Component(
                  "openshift-apiserver", new TreeSet<>(List.of("routes.route.openshift.io"))),
              new Rollout.OfDeployment("openshift-apiserver", "apiserver")),
          new ComponentSettings(
              new Component(
                  "oauth-apiserver",
                  new TreeSet<>(
                      List.of(
                          "oauthaccesstokens.oauth.openshift.io",
                          "oauthauthorizetokens.oauth.openshift.io"))),
              new Rollout.OfDeployment("openshift-oauth-apiserver", "apiserver")));

  public String name() {
    return component.name();
  }

  /**
   * The component's own namespace, which has the copies of its bundles: that of its Deployment,
   * whose pods mount them. Where its API servers are static pods and it is named as OpenShift's
   * operators name theirs, {@code openshift-kube-apiserver}, it has the same.
   */
  public String namespace() {
    return switch (rollout) {
      case Rollout.StaticPods _ ->
          name().startsWith(OPENSHIFT_PREFIX) ? name() : OPENSHIFT_PREFIX + name();
      case Rollout.OfDeployment deployment -> deployment.namespace();
    };
  }
}
