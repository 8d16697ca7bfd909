package io.vaultkms.model.checker;

import java.util.Arrays;

/** A set of scenes as numbers, each with the one it was first reached from. */
final class Visited {
  private static final int CHUNK = 1 << 14;
  private int[] table = new int[1 << 16];
  private long[][] words = new long[64][];
  private int[][] parents = new int[64][];
  private int size;

  int size() {
    return size;
  }

  int parent(int index) {
    return parents[index / CHUNK][index % CHUNK];
  }

  boolean is(int index, long[] packed) {
    long[] chunk = words[index / CHUNK];
    int at = index % CHUNK * Scene.WORDS;
    return chunk[at] == packed[0]
        && chunk[at + 1] == packed[1]
        && chunk[at + 2] == packed[2]
        && chunk[at + 3] == packed[3];
  }

  /** The index of the scene; as {@code ~index} when it had to be added. */
  int add(long[] packed, int parent) {
    int slot = hash(packed) & table.length - 1;
    while (table[slot] != 0) {
      if (is(table[slot] - 1, packed)) {
        return table[slot] - 1;
      }
      slot = slot + 1 & table.length - 1;
    }
    store(packed, parent);
    table[slot] = size;
    if (size > table.length / 2) {
      grow();
    }
    return ~(size - 1);
  }

  private void store(long[] packed, int parent) {
    int chunk = size / CHUNK;
    if (chunk == words.length) {
      words = Arrays.copyOf(words, chunk * 2);
      parents = Arrays.copyOf(parents, chunk * 2);
    }
    if (words[chunk] == null) {
      words[chunk] = new long[CHUNK * Scene.WORDS];
      parents[chunk] = new int[CHUNK];
    }
    System.arraycopy(packed, 0, words[chunk], size % CHUNK * Scene.WORDS, Scene.WORDS);
    parents[chunk][size % CHUNK] = parent;
    size++;
  }

  private void grow() {
    int[] bigger = new int[table.length * 2];
    for (int entry : table) {
      if (entry != 0) {
        int slot = hash(words[(entry - 1) / CHUNK], (entry - 1) % CHUNK * Scene.WORDS);
        slot &= bigger.length - 1;
        while (bigger[slot] != 0) {
          slot = slot + 1 & bigger.length - 1;
        }
        bigger[slot] = entry;
      }
    }
    table = bigger;
  }

  private static int hash(long[] packed) {
    return hash(packed, 0);
  }

  private static int hash(long[] words, int at) {
    long hash = 0;
    for (int i = 0; i < Scene.WORDS; i++) {
      hash = (hash ^ words[at + i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash >>> 16);
  }
}
