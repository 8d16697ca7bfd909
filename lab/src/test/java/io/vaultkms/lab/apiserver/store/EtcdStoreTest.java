package io.vaultkms.lab.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EtcdStoreTest {
  private static final KeyRange ALL = KeyRange.startingWith("/a/");
  private static final byte[] VALUE = {1};

  private final EtcdStore store = new EtcdStore(4);

  private long put(String key) {
    Entry before = store.get(key);
    return store.put(key, VALUE, before == null ? 0 : before.modRevision()).orElseThrow();
  }

  private static List<String> keys(Page page) {
    return page.entries().stream().map(Entry::key).toList();
  }

  @Test
  void writesOnlyOnTheExpectedRevision() {
    long made = put("/a/1");

    assertThat(store.put("/a/1", VALUE, 0)).isEmpty();
    assertThat(store.put("/a/1", VALUE, made + 1)).isEmpty();
    assertThat(store.put("/a/1", VALUE, made)).hasValue(made + 1);
    assertThat(store.delete("/a/1", made)).isEmpty();
    assertThat(store.get("/a/1").createRevision()).isEqualTo(made);
  }

  @Test
  void readsThePast() {
    put("/a/1");
    put("/a/2");
    long then = store.revision();
    store.delete("/a/1", store.get("/a/1").modRevision());
    put("/a/3");

    assertThat(keys(store.range(ALL, "", 0, then))).containsExactly("/a/1", "/a/2");
    assertThat(keys(store.range(ALL, "", 0, 0))).containsExactly("/a/2", "/a/3");
  }

  @Test
  void readsAPageAndSaysHowMuchIsLeft() {
    put("/a/1");
    put("/a/2");
    put("/a/3");
    put("/b/1");

    Page page = store.range(ALL, "/a/1\0", 1, 0);

    assertThat(keys(page)).containsExactly("/a/2");
    assertThat(page.remaining()).isEqualTo(1);
  }

  @Test
  void forgetsWhatIsOlderThanItsHistory() {
    long first = put("/a/1");
    for (int i = 0; i < 5; i++) {
      put("/a/2");
    }

    assertThatThrownBy(() -> store.range(ALL, "", 0, first)).isInstanceOf(CompactedException.class);
    assertThatThrownBy(() -> store.watch(ALL, first)).isInstanceOf(CompactedException.class);
    assertThat(keys(store.range(ALL, "", 0, first + 2))).containsExactly("/a/1", "/a/2");
  }

  @Test
  void forgetsDeletedKeysAltogether() {
    put("/a/1");
    store.delete("/a/1", store.revision());
    put("/a/1");
    store.delete("/a/1", store.revision());
    store.compact();
    put("/a/1");

    assertThat(store.get("/a/1").createRevision()).isEqualTo(store.revision());
    assertThat(keys(store.range(ALL, "", 0, store.revision()))).containsExactly("/a/1");
  }

  @Test
  void tellsAWatchOfPastAndPresentInOrder() throws InterruptedException {
    long start = store.revision();
    put("/a/1");
    put("/b/1");
    try (StoreWatch watch = store.watch(ALL, start)) {
      store.delete("/a/1", store.get("/a/1").modRevision());

      List<Change> changes = watch.poll(Duration.ofSeconds(5));

      assertThat(changes).extracting(Change::key).containsExactly("/a/1", "/a/1");
      assertThat(changes.getFirst().before()).isNull();
      assertThat(changes.getLast().after()).isNull();
      assertThat(watch.idleRevision()).hasValue(store.revision());
      put("/a/2");
      assertThat(watch.idleRevision()).isEmpty();
    }
  }
}
