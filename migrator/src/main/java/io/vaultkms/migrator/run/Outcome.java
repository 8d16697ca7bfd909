package io.vaultkms.migrator.run;

/**
 * What became of one object. All but the last prove that nothing of it is stored under an old key.
 */
sealed interface Outcome {
  /** It was stale and is written anew, at this resource version. */
  record Rewritten(long version) implements Outcome {}

  /** It was not stale. */
  record Fresh(long version) implements Outcome {}

  /** Somebody else wrote it meanwhile, which made it fresh. */
  record Overtaken(long version) implements Outcome {}

  /** It is not there any more. */
  record Gone() implements Outcome {}

  /** The API server does not let it be written, for this reason in its own words. */
  record Refused(String words) implements Outcome {}
}
