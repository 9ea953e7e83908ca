// SPDX-License-Identifier: Apache-2.0
/** What is said to the server: requests over HTTP with bounds, logins, and secrets as they are read. */
package org.postern.credential.hashicorp.protocol;
