package io.vaultkms.model.checker;

import java.util.function.Supplier;

/** Takes what may happen next in a scene. */
interface Moves {
  /**
   * One thing that may happen.
   *
   * @param progress whether it happens sooner or later if nobody does anything more to the cluster
   * @param sentence what happens, for the story
   */
  void add(boolean progress, Scene next, Supplier<String> sentence);
}
