package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one look at a node. One that fails keeps none of the others from being taken, and
 * the look from being reported least of all; what was wrong is told in the report, and the look
 * counts as failed after it. For one thread.
 */
final class Attempts {
  private final UnaryOperator<String> masked;
  private @Nullable Exception failure;
  private String trouble = "";

  /**
   * @param masked takes out of words what nobody may see
   */
  Attempts(UnaryOperator<String> masked) {
    this.masked = masked;
  }

  /** Something done on the host. */
  @FunctionalInterface
  interface Step {
    void take() throws IOException;
  }

  /**
   * Takes a step.
   *
   * @param failed what is to be said when it fails
   * @return whether it went well
   */
  boolean take(String failed, Step step) {
    try {
      step.take();
      return true;
    } catch (IOException | RuntimeException e) {
      if (failure == null) {
        failure = e;
        trouble = Probe.shorten(masked.apply(failed + ": " + words(e)));
      }
      return false;
    }
  }

  /** Those of a file that is missing, or may not be touched, are its name and nothing else. */
  private static String words(Exception e) {
    return e instanceof FileSystemException || e.getMessage() == null
        ? e.getClass().getSimpleName() + " " + e.getMessage()
        : e.getMessage();
  }

  /** What went wrong first, in words that anybody may see; empty when nothing did. */
  String trouble() {
    return trouble;
  }

  /**
   * Ends a look that has been reported.
   *
   * @throws IOException when a step has failed
   */
  void end() throws IOException {
    if (failure != null) {
      // Not with the failure itself, whose words may hold anything.
      IOException told = new IOException(trouble);
      told.setStackTrace(failure.getStackTrace());
      throw told;
    }
  }
}
