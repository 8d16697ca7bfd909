package io.vaultkms.cli.bench;

import io.vaultkms.platform.http2.Endpoint;
import io.vaultkms.platform.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the migrator is measured beside: a process of its own as it is, which lives as long. It does
 * what each line of standard input asks for, and says on standard output what it did. Arguments:
 * the API server, the file with what it is trusted by, the file with a token.
 */
public final class Rival {
  static final int SECRET_BYTES = 2_048;
  private static final int PAGE = 500;
  private static final byte[] NOTHING = {};

  /** OpenShift's migrator reads no further ahead of its workers either. */
  private static final int QUEUE = 100;

  private final Wire wire;

  private Rival(Wire wire) {
    this.wire = wire;
  }

  /**
   * One line of input.
   *
   * @param act {@code rewrite}, {@code create} or {@code delete}
   * @param from the first object's number
   * @param to the number after the last one's
   * @param seed of the objects' contents
   */
  record Order(String act, int workers, String namespace, int from, int to, long seed) {}

  public static void main(String[] arguments) throws Exception {
    URI server = URI.create(arguments[0]);
    Wire wire =
        new Wire(
            new Endpoint(
                server.getHost(),
                server.getPort(),
                trusting(Path.of(arguments[1])),
                true,
                Duration.ofSeconds(5),
                Wire.LONGEST_ANSWER),
            Files.readString(Path.of(arguments[2])));
    Rival rival = new Rival(wire);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      System.out.println(Json.write(rival.obey(Json.read(line, Order.class))));
    }
    System.exit(0);
  }

  private static SSLContext trusting(Path certificate)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private Measured obey(Order order) throws IOException, InterruptedException {
    wire.connect();
    ProcessHandle self = ProcessHandle.current();
    double cpu = ProcessCost.cpuSeconds(self);
    long start = System.nanoTime();
    long written =
        switch (order.act()) {
          case "rewrite" -> rewriteAll(order.workers());
          case "create" -> each(order, number -> create(order, number));
          default -> each(order, number -> delete(order, number));
        };
    return new Measured(
        written,
        (System.nanoTime() - start) / 1e9,
        wire.bytesRead(),
        ProcessCost.cpuSeconds(self) - cpu,
        0,
        ProcessCost.peakResidentBytes(self.pid()),
        0);
  }

  /** Every Secret of the cluster, as OpenShift's in-process migrator does it. */
  private long rewriteAll(int workers) throws IOException, InterruptedException {
    BlockingQueue<FullPage.Item> queue = new ArrayBlockingQueue<>(QUEUE);
    FullPage.Item end = new FullPage.Item("", "", NOTHING);
    AtomicInteger written = new AtomicInteger();
    all(
        workers,
        () -> {
          String token = "";
          do {
            FullPage page = list(token);
            for (FullPage.Item item : page.items()) {
              queue.put(item);
            }
            token = page.continueToken();
          } while (!token.isEmpty());
          queue.put(end);
        },
        () -> {
          while (true) {
            FullPage.Item item = queue.take();
            if (item == end) {
              queue.put(end);
              return;
            }
            String uri =
                "/api/v1/namespaces/%s/secrets/%s".formatted(item.namespace(), item.name());
            wire.send("PUT", uri, item.body());
            written.incrementAndGet();
          }
        });
    return written.get();
  }

  private FullPage list(String token) throws IOException, InterruptedException {
    String uri = "/api/v1/secrets?limit=" + PAGE;
    if (!token.isEmpty()) {
      uri += "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
    return FullPage.read(wire.send("GET", uri, NOTHING));
  }

  private void create(Order order, int number) throws IOException, InterruptedException {
    String uri = "/api/v1/namespaces/" + order.namespace() + "/secrets";
    wire.send("POST", uri, secret(order, number));
  }

  private void delete(Order order, int number) throws IOException, InterruptedException {
    String uri = "/api/v1/namespaces/%s/secrets/%s".formatted(order.namespace(), name(number));
    wire.send("DELETE", uri, NOTHING);
  }

  /** Something done with the object of one number. */
  @FunctionalInterface
  private interface Deed {
    void with(int number) throws IOException, InterruptedException;
  }

  private long each(Order order, Deed deed) throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger(order.from());
    all(
        order.workers(),
        () -> {},
        () -> {
          for (int n = next.getAndIncrement(); n < order.to(); n = next.getAndIncrement()) {
            deed.with(n);
          }
        });
    return order.to() - order.from();
  }

  /** Returns when there is nothing left to do. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Runs both until all workers are done; the first failure counts. */
  private void all(int workers, Work feeding, Work working)
      throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<Boolean> ends = new ExecutorCompletionService<>(threads);
      ends.submit(() -> done(feeding));
      for (int i = 0; i < workers; i++) {
        ends.submit(() -> done(working));
      }
      try {
        for (int i = 0; i <= workers; i++) {
          ends.take().get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw new IOException(e.getCause().getMessage(), e.getCause());
      }
    }
  }

  private static boolean done(Work work) throws IOException, InterruptedException {
    work.run();
    return true;
  }

  private static String name(int number) {
    return "bench-%06d".formatted(number);
  }

  private static byte[] secret(Order order, int number) {
    byte[] value = new byte[SECRET_BYTES];
    new Random(order.seed() + number).nextBytes(value);
    return """
    {"kind":"Secret","apiVersion":"v1","metadata":{"namespace":"%s","name":"%s"},\
    "type":"Opaque","data":{"value":"%s"}}\
    """
        .formatted(order.namespace(), name(number), Base64.getEncoder().encodeToString(value))
        .getBytes(StandardCharsets.UTF_8);
  }
}
