package io.vaultkms.cli.command;

import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.env.Variables;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which components encrypt which resources, as the services are told. */
public final class ComponentOptions {
  static final String COMPONENTS = "--components";
  static final String COMPONENTS_VARIABLE = "COMPONENTS";

  @Option(
      names = COMPONENTS,
      paramLabel = "LIST",
      defaultValue = "auto",
      description =
          "which components encrypt which resources, as the services have it ($"
              + COMPONENTS_VARIABLE
              + "; ${DEFAULT-VALUE})")
  private String components = "";

  /**
   * Judged by the rules of the services.
   *
   * @throws io.vaultkms.platform.env.BadConfiguration when the option breaks one
   */
  public Components read() {
    Variables variables = new Variables(Map.of(COMPONENTS_VARIABLE, components));
    Components read = Components.read(variables);
    variables.check();
    return read;
  }
}
