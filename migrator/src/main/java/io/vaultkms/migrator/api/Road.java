package io.vaultkms.migrator.api;

import java.io.IOException;
import java.util.Optional;

/** One way to an API server. Blocks; for virtual threads. */
interface Road extends AutoCloseable {
  /**
   * @throws AnswerTooLong when the answer is longer than is taken in
   * @throws IOException when no answer came in time, or the connection was lost
   */
  Answer send(Call call, Optional<String> authorization) throws IOException, InterruptedException;

  /** Ends what is under way, and waits for it a little. */
  @Override
  void close();
}
