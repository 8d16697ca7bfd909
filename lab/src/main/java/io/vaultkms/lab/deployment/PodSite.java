package io.vaultkms.lab.deployment;

import io.fabric8.kubernetes.api.model.Container;
import io.vaultkms.lab.world.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What pods run on.
 *
 * @param folder of their volumes; a short path
 * @param api makes the API servers
 * @param apiServerImage the image that stands for one
 * @param programs the command that a program of this project's image stands for, by its arguments;
 *     empty for another image
 * @param images the command of any other image; empty for one that is not known
 * @param kubeconfig what stands for the token of the pods' ServiceAccount
 */
public record PodSite(
    Path folder,
    Path logs,
    AggregatedApi api,
    String apiServerImage,
    String projectImage,
    Function<String, List<String>> programs,
    Function<String, List<String>> images,
    Path kubeconfig,
    Map<String, Integer> ports) {

  public PodSite(
      Path folder,
      Path logs,
      AggregatedApi api,
      String apiServerImage,
      String projectImage,
      Function<String, List<String>> programs,
      Function<String, List<String>> images,
      Path kubeconfig) {
    this(
        folder,
        logs,
        api,
        apiServerImage,
        projectImage,
        programs,
        images,
        kubeconfig,
        new ConcurrentHashMap<>());
  }

  /** What a container is run as. */
  record Run(List<String> command, List<String> arguments, Map<String, String> environment) {}

  /** The first argument of this project's image says which program runs. */
  Run run(Container container, Map<String, String> environment) {
    List<String> arguments = container.getArgs();
    return container.getImage().equals(projectImage)
        ? new Run(
            programs.apply(arguments.getFirst()),
            arguments.subList(1, arguments.size()),
            environment)
        : new Run(List.of(), arguments, environment);
  }

  List<String> command(String image) {
    return image.equals(projectImage) ? List.of(image) : images.apply(image);
  }

  int port(String pod) {
    return ports.computeIfAbsent(pod, _ -> FreePorts.next());
  }
}
