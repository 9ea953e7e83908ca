// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A secret in a volume as Kubernetes mounts it. */
final class SecretVolume implements LiveSecret {

    private final Path secret;

    SecretVolume(Instance instance) {
        secret = instance.directory().resolve("secrets").resolve(key());
    }

    @Override
    public String stanza() {
        return "Credential_File { Directory = \"secrets\" }\n";
    }

    @Override
    public String key() {
        return "mounted";
    }

    @Override
    public void set(String password) throws IOException {
        Path fresh = secret.resolve(".." + UUID.randomUUID());
        Files.createDirectories(fresh, LiveSecret.permissions("rwx------"));
        write(fresh.resolve("user"), "carol\n");
        write(fresh.resolve("password"), password + "\n");
        Files.createSymbolicLink(secret.resolve("..data_tmp"), fresh.getFileName());
        Files.move(secret.resolve("..data_tmp"), secret.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
        for (String part : List.of("user", "password")) {
            if (!Files.exists(secret.resolve(part))) {
                Files.createSymbolicLink(secret.resolve(part), Path.of("..data", part));
            }
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(Files.createFile(file, LiveSecret.permissions("rw-------")), content);
    }
}
