// SPDX-License-Identifier: Apache-2.0
/** Access tokens over SASL: OAUTHBEARER (RFC 7628), and XOAUTH2, which Google made before it and Microsoft speaks too. */
package org.postern.auth.oauth;
