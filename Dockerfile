# syntax=docker/dockerfile:1
# One image for every program: the first argument says which.
#   docker build -t vaultkms .
#   docker run --rm vaultkms migrator --help
ARG JAVA_VERSION=25

FROM eclipse-temurin:${JAVA_VERSION}-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw --batch-mode --no-transfer-progress -DskipTests package \
    && mv target/dist/lib target/lib

FROM eclipse-temurin:${JAVA_VERSION}-jre
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Vault KMS Pipeline" \
      org.opencontainers.image.description="Encryption at rest for Kubernetes and OpenShift with a key that stays in HashiCorp Vault" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
# Libraries first: they change less often than the programs.
COPY --from=build /src/target/lib lib
COPY --from=build /src/target/dist .
COPY --chmod=0755 deploy/image/launch deploy/image/answers /usr/local/bin/
# No name, no home, no login. The node agent alone runs as root, which its pod says.
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["launch"]
