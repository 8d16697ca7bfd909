package io.vaultkms.model.checker;

import java.util.Arrays;

/** Which scene follows which by progress alone; scenes come in the order of their indexes. */
final class Progress {
  private int[] targets = new int[1 << 16];
  private int[] starts = new int[1 << 16];
  private int edges;
  private int scenes;

  /** What is added from here on follows the next scene. */
  void begin() {
    if (scenes + 1 >= starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    starts[scenes++] = edges;
  }

  void add(int target) {
    if (edges == targets.length) {
      targets = Arrays.copyOf(targets, targets.length * 2);
    }
    targets[edges++] = target;
  }

  /** Whether nothing follows the scene that was begun last. */
  boolean none() {
    return starts[scenes - 1] == edges;
  }

  /**
   * A scene from which progress leads round in a circle; -1 when there is none. Takes away scenes
   * that nothing leads to any more until only circles, and what follows them, are left.
   */
  int circle() {
    int[] arrivals = new int[scenes];
    for (int edge = 0; edge < edges; edge++) {
      arrivals[targets[edge]]++;
    }
    int[] free = new int[scenes];
    int count = 0;
    for (int scene = 0; scene < scenes; scene++) {
      if (arrivals[scene] == 0) {
        free[count++] = scene;
      }
    }
    for (int next = 0; next < count; next++) {
      int scene = free[next];
      for (int edge = starts[scene]; edge < end(scene); edge++) {
        if (--arrivals[targets[edge]] == 0) {
          free[count++] = targets[edge];
        }
      }
    }
    for (int scene = 0; count < scenes && scene < scenes; scene++) {
      if (arrivals[scene] > 0) {
        return scene;
      }
    }
    return -1;
  }

  private int end(int scene) {
    return scene + 1 < scenes ? starts[scene + 1] : edges;
  }
}
