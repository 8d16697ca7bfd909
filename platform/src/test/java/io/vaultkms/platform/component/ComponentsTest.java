package io.vaultkms.platform.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.platform.component.Rollout.OfDeployment;
import io.vaultkms.platform.component.Rollout.StaticPods;
import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentsTest {
  @Test
  void nothingSetMeansThatTheClusterIsAsked() {
    assertThat(Components.read(new Variables(Map.of()))).isEqualTo(new Components.Detected());
    assertThat(read("auto").known()).isEmpty();
  }

  @Test
  void kubernetesIsOneComponentOfStaticPods() {
    assertThat(listed("kubernetes")).containsExactly(ComponentSettings.KUBE_APISERVER);
  }

  @Test
  void openShiftIsItsTable() {
    assertThat(listed("openshift"))
        .extracting(
            each ->
                "%s %s %s"
                    .formatted(each.name(), each.component().resources(), where(each.rollout())))
        .containsExactly(
            "kube-apiserver [configmaps, secrets] static pods",
            "openshift-apiserver [routes.route.openshift.io] openshift-apiserver/apiserver",
            "oauth-apiserver [oauthaccesstokens.oauth.openshift.io,"
                + " oauthauthorizetokens.oauth.openshift.io] openshift-oauth-apiserver/apiserver");
  }

  @Test
  void whatIsListedIsTaken() {
    assertThat(
            listed(
                "kube-apiserver=secrets, events.events.k8s.io ;"
                    + " routes=routes.route.openshift.io@ns/api"))
        .extracting(
            each ->
                "%s %s %s"
                    .formatted(each.name(), each.component().resources(), where(each.rollout())))
        .containsExactly(
            "kube-apiserver [events.events.k8s.io, secrets] static pods",
            "routes [routes.route.openshift.io] ns/api");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "a", "a=", "=secrets", "a=secrets;", "a=b@c", "a=b@c/d/e"})
  void whatHasNotTheShapeIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("must be name=resource,…[@namespace/deployment]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Kube=secrets              | 'Kube' must be 1 to 52 lower case letters, digits and '-'
          a=Secrets                 | 'Secrets' must be a resource with its group, such as secrets or routes.route.openshift.io
          a=secrets,                | '' must be a resource with its group, such as secrets or routes.route.openshift.io
          a=secrets,secrets         | 'secrets' must be named once
          a=secrets;a=b.c@n/d       | 'a' must be named once
          a=secrets;b=secrets@n/d   | 'secrets' must be encrypted by one component alone, and a has it already
          a=events,events.events.k8s.io | 'events.events.k8s.io' must differ from events before the first dot: a component's KMS providers are named after that
          a=certificates.cert-manager.io,certificates.networking.internal.knative.dev | 'certificates.networking.internal.knative.dev' must differ from certificates.cert-manager.io before the first dot: a component's KMS providers are named after that
          a=secrets@N/d             | 'N' must be 1 to 63 lower case letters, digits and '-'
          a=secrets@n/d;b=c.d@n/d   | 'b' must have a namespace of its own: n is that of a
          a=secrets@n/d;b=c.d@n/e   | 'b' must have a namespace of its own: n is that of a
          kube-apiserver=secrets;b=c.d@openshift-kube-apiserver/b | 'b' must have a namespace of its own: openshift-kube-apiserver is that of kube-apiserver
          b=c.d@openshift-a/b;a=secrets | 'a' must have a namespace of its own: openshift-a is that of b
          b=c.d@openshift-a/b;openshift-a=secrets | 'openshift-a' must have a namespace of its own: openshift-a is that of b
          a=secrets;b=configmaps    | 'b' must name its deployment: only one component can run as static pods, and a does
          """)
  void eachRuleHasItsSentence(String text, String sentence) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage("COMPONENTS: " + sentence);
  }

  @Test
  void twoComponentsMayHaveResourcesThatDifferInTheirGroupAlone() {
    assertThat(listed("a=certificates.cert-manager.io;b=certificates.knative.dev@n/d")).hasSize(2);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThatThrownBy(() -> read("A=secrets;b;c=Secrets@n/d"))
        .isInstanceOf(BadConfiguration.class)
        .message()
        .hasLineCount(3);
  }

  private static String where(Rollout rollout) {
    return switch (rollout) {
      case StaticPods _ -> "static pods";
      case OfDeployment deployment -> deployment.toString();
    };
  }

  private static List<ComponentSettings> listed(String text) {
    return read(text).known().orElseThrow();
  }

  private static Components read(String text) {
    Variables variables = new Variables(Map.of("COMPONENTS", text));
    Components components = Components.read(variables);
    variables.check();
    return components;
  }
}
