package io.vaultkms.platform.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read by somebody else's decoder, block after block with one table. */
class HeaderBlockTest {
  private static final long SEED = Long.getLong("http2.seed", 6);

  private final HeaderBlock block = new HeaderBlock("localhost:6443");
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 16);

  private int roundTrip(Request request) throws Exception {
    Bytes bytes = new Bytes(16);
    block.write(request, bytes);
    Http2Headers read = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(bytes.copy()));
    assertThat(read.method()).hasToString(request.method());
    assertThat(read.path()).hasToString(request.path());
    assertThat(read.scheme()).hasToString("https");
    assertThat(read.authority()).hasToString("localhost:6443");
    request
        .headers()
        .forEach((name, value) -> assertThat(read.get(name)).as(name).hasToString(value));
    assertThat(read.size())
        .isEqualTo(4 + request.headers().size() + (request.body().length > 0 ? 1 : 0));
    return bytes.length();
  }

  @Test
  void everyRequestIsReadAsItWas() throws Exception {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("accept", "a".repeat(random.nextInt(300)));
      headers.put("user-agent", "me");
      headers.put("authorization", "Bearer " + random.nextInt(5) + "x".repeat(900));
      headers.put("x-" + random.nextInt(3), "y".repeat(random.nextInt(200)));
      String method = random.nextBoolean() ? "GET" : random.nextBoolean() ? "PATCH" : "PUT";
      byte[] body = method.equals("GET") ? new byte[0] : new byte[random.nextInt(70_000)];
      roundTrip(new Request(method, "/" + "p".repeat(random.nextInt(500)), headers, body));
    }
  }

  @Test
  void whatComesBackIsSentOnce() throws Exception {
    Map<String, String> headers = Map.of("authorization", "Bearer " + "x".repeat(1_000));
    Request request = new Request("PATCH", "/p", headers, new byte[10]);
    assertThat(roundTrip(request)).isGreaterThan(1_000);
    assertThat(roundTrip(request)).isLessThan(20);
  }

  @Test
  void aServerWithoutATableIsSentEverythingEveryTime() throws Exception {
    Map<String, String> headers = Map.of("authorization", "Bearer " + "x".repeat(1_000));
    Request request = new Request("PATCH", "/p", headers, new byte[10]);
    roundTrip(request);
    block.forgoTable();
    decoder.maxHeaderTableSize(0);
    assertThat(roundTrip(request)).isGreaterThan(1_000);
    assertThat(roundTrip(request)).isGreaterThan(1_000);
  }
}
