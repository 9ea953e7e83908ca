// SPDX-License-Identifier: Apache-2.0
/** The operator&#39;s verb {@code oauth}: status, login and retry. */
package org.postern.credential.oauth.command;
