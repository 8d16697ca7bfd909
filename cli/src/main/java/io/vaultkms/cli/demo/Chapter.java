package io.vaultkms.cli.demo;

import java.util.List;
import java.util.Optional;

/**
 * One thing that the demo shows on a running cluster. Every chapter leaves the cluster settled,
 * with everything encrypted under a key in Vault, so that any other may follow.
 */
interface Chapter {
  /** In the order in which they are told; the first one is what the others begin with. */
  List<Chapter> ALL =
      List.of(
          new EnableChapter(),
          new RejectChapter(),
          new MoveKeyChapter(),
          new InPlaceChapter(),
          new CredentialsChapter(),
          new OffAndOnChapter());

  /** As {@code --chapters} has it. */
  String name();

  /** What it shows, in a few words. */
  String title();

  /**
   * Shows it.
   *
   * @throws DemoFailure with one sentence when something is not as it has to be
   */
  void play(Scene scene) throws InterruptedException;

  static Optional<Chapter> named(String name) {
    return ALL.stream().filter(chapter -> chapter.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().map(Chapter::name).toList();
  }
}
