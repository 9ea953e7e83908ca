// SPDX-License-Identifier: Apache-2.0
/** What is said to identity providers: token requests, discovery and the device flow, over a transport with bounds. */
package org.postern.credential.oauth.protocol;
