// SPDX-License-Identifier: Apache-2.0
/** Where mail for a routing domain is delivered (RFC 5321 section 5). */
package org.postern.core.route;
