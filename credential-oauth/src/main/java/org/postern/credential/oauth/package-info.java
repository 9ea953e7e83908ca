// SPDX-License-Identifier: Apache-2.0
/** The store: accounts at identity providers, the life of their tokens, and the words that configure them. */
package org.postern.credential.oauth;
