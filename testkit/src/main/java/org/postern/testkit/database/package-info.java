// SPDX-License-Identifier: Apache-2.0
/** Database servers for tests, real ones, as the distribution's packages install them. */
package org.postern.testkit.database;
