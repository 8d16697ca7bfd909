package io.vaultkms.cli.bench;

/**
 * What one program did in one measurement.
 *
 * @param objects that it wrote
 * @param seconds from its first request to its last answer, without waiting for a clock
 * @param bytesRead bodies of answers, as they came from the API server
 * @param cpuSeconds that the program used
 * @param serverCpuSeconds that the API server and its store used meanwhile; 0 where they run in
 *     this process
 * @param residentBytes the most memory it had; 0 where the system does not say
 * @param heapBytes the most that was in use of its heap
 */
record Measured(
    long objects,
    double seconds,
    long bytesRead,
    double cpuSeconds,
    double serverCpuSeconds,
    long residentBytes,
    long heapBytes) {

  double objectsPerSecond() {
    return objects / seconds;
  }

  Measured withServer(double seconds) {
    return new Measured(
        objects, this.seconds, bytesRead, cpuSeconds, seconds, residentBytes, heapBytes);
  }
}
