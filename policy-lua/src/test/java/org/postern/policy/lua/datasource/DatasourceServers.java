// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import org.postern.testkit.database.DatabaseServer;

/** Database servers as a script names them. */
final class DatasourceServers {

    private DatasourceServers() {}

    static String uri(String scheme, String database, DatabaseServer server) {
        String password = DatabaseServer.PASSWORD.replace("\\", "\\\\").replace("'", "\\'");
        return scheme + ":host=127.0.0.1;port=" + server.port() + ";dbname=" + database + ";user=" + DatabaseServer.USER
                + ";password='" + password + "'";
    }
}
