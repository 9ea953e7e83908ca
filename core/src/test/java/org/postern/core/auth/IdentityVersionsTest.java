// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

class IdentityVersionsTest {

    private final FakeRegisters registers = new FakeRegisters(InstantSource.system());
    private final IdentityVersions alone = new IdentityVersions(Cluster.alone());
    private final IdentityVersions here = new IdentityVersions(new Cluster(Optional.of(registers), Clock.systemUTC()));
    private final IdentityVersions there = new IdentityVersions(new Cluster(Optional.of(registers), Clock.systemUTC()));

    @Test
    void areTheStoresWhereARelayIsAlone() {
        assertThat(alone.of(password("alice", "wonderland", "v1")).value()).isEqualTo("v1");
        assertThat(alone.of(token("alice", "ya29", "7")).value()).isEqualTo("7");
    }

    @Test
    void areTheSameOnAllRelaysHoweverTheirStoresCount() {
        assertThat(here.of(password("alice", "wonderland", "v1")))
                .isEqualTo(there.of(password("alice", "wonderland", "v9")));
        assertThat(here.of(token("alice", "ya29", "1"))).isEqualTo(there.of(token("alice", "ya29", "2")));
    }

    @Test
    void tellSecretsUsersAndKindsApart() {
        CredentialVersion version = here.of(password("alice", "wonderland", "v1"));
        assertThat(here.of(password("alice", "wonderlane", "v1"))).isNotEqualTo(version);
        assertThat(here.of(password("bob", "wonderland", "v1"))).isNotEqualTo(version);
        assertThat(here.of(token("alice", "wonderland", "v1"))).isNotEqualTo(version);
    }

    @Test
    void areAConstantWithoutASecret() {
        IdentityOnly nobody = new IdentityOnly("alice");
        assertThat(here.of(nobody)).isEqualTo(alone.of(nobody)).isEqualTo(nobody.version());
    }

    @Test
    void tellWhichIdentityWasMadeFromACredentialForWhicheverUser() {
        for (IdentityVersions versions : new IdentityVersions[] {alone, here}) {
            Credential kept = password("stored", "wonderland", "v1");
            AuthIdentity bob = identity("bob", versions.of(password("bob", "wonderland", "v1")));
            assertThat(versions.isFrom(bob, kept)).isTrue();
            assertThat(versions.isFrom(bob, password("stored", "looking-glass", "v2")))
                    .isFalse();
        }
    }

    private static AuthIdentity identity(String user, CredentialVersion version) {
        return new AuthIdentity(user, Optional.empty(), "vault:relay", version);
    }

    private static Credential password(String user, String password, String version) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion(version), Optional.empty(), Set.of());
    }

    private static Credential token(String user, String token, String version) {
        return new BearerToken(user, Secret.of(token), new CredentialVersion(version), Optional.empty(), Set.of());
    }
}
