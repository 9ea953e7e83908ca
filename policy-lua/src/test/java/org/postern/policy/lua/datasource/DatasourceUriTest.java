// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Secret;

class DatasourceUriTest {

    private static final Path DIRECTORY = Path.of("/etc/postern");

    private static DatasourceUri.Server server(String uri) {
        return (DatasourceUri.Server) DatasourceUri.read(uri, DIRECTORY);
    }

    @Test
    void readsThePathOfAnSqliteFile() {
        assertThat(DatasourceUri.read("sqlite:/var/creds.db", DIRECTORY))
                .isEqualTo(new DatasourceUri.Sqlite(Path.of("/var/creds.db")));
        assertThat(DatasourceUri.read("SQLite:creds.db", DIRECTORY))
                .isEqualTo(new DatasourceUri.Sqlite(Path.of("/etc/postern/creds.db")));
    }

    @Test
    void readsMomentumsDocumentedForms() {
        DatasourceUri.Server postgresql =
                server("pgsql:host=example.com;dbname=db_name;user=user_name;\n    password=secret;port=5433");
        assertThat(postgresql.place()).isEqualTo("pgsql:host=example.com;port=5433;dbname=db_name");
        assertThat(postgresql.user()).contains("user_name");
        assertThat(postgresql.password()).contains(Secret.of("secret"));
        DatasourceUri.Server mysql =
                server("mysql:host=localhost;port=3306;dbname=ecmail; user=user;password=password");
        assertThat(mysql.place()).isEqualTo("mysql:host=localhost;port=3306;dbname=ecmail");
        assertThat(mysql.password()).contains(Secret.of("password"));
    }

    @Test
    void readsPairsSeparatedByBlanksAndQuotedValues() {
        DatasourceUri.Server server = server("pgsql: host = ::1 dbname=a user='o' password='a b;c\\'d\\\\e\\f'");
        assertThat(server.host()).isEqualTo("::1");
        assertThat(server.port()).isEqualTo(5432);
        assertThat(server.user()).contains("o");
        assertThat(server.password()).contains(Secret.of("a b;c'd\\e\\f"));
    }

    @Test
    void keepsTheOptionsThatAreHarmless() {
        assertThat(server("pgsql:dbname=a sslmode=verify-full connect_timeout=3")
                        .options())
                .isEqualTo(Map.of("sslmode", "verify-full", "connect_timeout", "3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pgsql:dbname=a;socketFactory=org.springframework.context.support.ClassPathXmlApplicationContext",
                "pgsql:dbname=a;socketFactoryArg=http://127.0.0.1/x.xml",
                "pgsql:dbname=a;sslfactory=x.Y",
                "pgsql:dbname=a;sslpasswordcallback=x.Y",
                "pgsql:dbname=a;authenticationPluginClassName=x.Y",
                "pgsql:dbname=a;loggerFile=/etc/passwd",
                "pgsql:dbname=a;jaasApplicationName=x",
                "pgsql:dbname=a?socketFactory=x.Y",
                "pgsql:dbname=a&socketFactory=x.Y",
                "pgsql:host=127.0.0.1/a?socketFactory=x.Y;dbname=b",
                "mysql:dbname=a;autoDeserialize=true",
                "mysql:dbname=a;allowLocalInfile=true",
                "mysql:dbname=a;allowLoadLocalInfile=true",
                "mysql:dbname=a;allowUrlInLocalInfile=true",
                "mysql:dbname=a;queryInterceptors=x.Y",
                "mysql:dbname=a;credentialType=x.Y",
                "mysql:dbname=a?allowLocalInfile=true",
                "mysql:dbname=a;host=(host=x,allowLocalInfile=true)",
                "mysql:dbname=a/b",
                "sqlite:/tmp/a.db?enable_load_extension=true",
                "h2:mem:a;INIT=RUNSCRIPT FROM 'http://127.0.0.1/x.sql'",
                "jdbc:postgresql://127.0.0.1/a",
                "ldap://127.0.0.1/a",
                "jndi:ldap://127.0.0.1/a"
            })
    void refusesWhatRunsCodeOrReadsFiles(String uri) {
        assertThatThrownBy(() -> DatasourceUri.read(uri, DIRECTORY)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "sqlite:",
                "sqlite:a\0b",
                "pgsql:",
                "pgsql:dbname=",
                "pgsql:dbname=a;port=0",
                "pgsql:dbname=a;port=65536",
                "pgsql:dbname=a;port=x",
                "pgsql:dbname=a;sslmode=no",
                "pgsql:dbname=a;connect_timeout=0",
                "pgsql:dbname=a;dbname=b",
                "pgsql:dbname=a;password='x",
                "pgsql:dbname=a;nonsense",
                "pgsql:host=a\nb;dbname=a"
            })
    void refusesWhatIsIncomplete(String uri) {
        assertThatThrownBy(() -> DatasourceUri.read(uri, DIRECTORY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhichDriversOfMomentumAreNotOffered() {
        assertThatThrownBy(() -> DatasourceUri.read("odbc:DSN=x;PWD=s3cret", DIRECTORY))
                .hasMessageContaining("odbc is known to Momentum")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pgsql:dbname=a;user=u;password=s3cret s3cret;port=1",
                "pgsql:dbname=a;user=u;password='s3cret",
                "pgsql:dbname=a;user=u;password=s3cret;port=x",
                "pgsql:dbname=a;user=u;password=s3cret;sslmode=s3cret",
                "pgsql:dbname=a;user=u;password=s3cret;host=s3cret s3cret/"
            })
    void neverQuotesAValueInAnError(String uri) {
        assertThatThrownBy(() -> DatasourceUri.read(uri, DIRECTORY)).hasMessageNotContaining("s3cret");
    }

    @Test
    void doesNotPrintThePassword() {
        assertThat(server("pgsql:dbname=a;password=s3cret").toString()).doesNotContain("s3cret");
    }
}
