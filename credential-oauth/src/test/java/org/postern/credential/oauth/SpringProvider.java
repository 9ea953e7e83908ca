// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsent;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.preauth.AbstractPreAuthenticatedProcessingFilter;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A real OpenID provider on this machine: Spring's authorization server in Tomcat. It knows a client with a secret, one
 * with a key, and one for logins of a person, whose refresh tokens rotate. A person who logs in is named by a header,
 * which stands for the browser's session.
 */
final class SpringProvider implements AutoCloseable {

    static final String SCOPE = "smtp";

    private static final String PERSON = "X-Test-Person";

    private final Tomcat tomcat = new Tomcat();
    private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
    private final AtomicInteger tokenRequests = new AtomicInteger();

    /** @param keys where the keys of the client without a secret are published */
    SpringProvider(Path directory, URI keys) throws LifecycleException {
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        Context web = tomcat.addContext("", directory.toString());
        Tomcat.addServlet(web, "nothing", new Nothing()).addMapping("/");
        context.addBeanFactoryPostProcessor(beans -> beans.registerSingleton("keys", keys));
        context.register(Server.class);
        filter(web, "counter", new Counter(tokenRequests));
        filter(web, "security", new DelegatingFilterProxy("springSecurityFilterChain", context));
        context.setServletContext(web.getServletContext());
        context.refresh();
        tomcat.start();
    }

    private static void filter(Context web, String name, jakarta.servlet.Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        web.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(name);
        map.addURLPattern("/*");
        web.addFilterMap(map);
    }

    static String secretOf(String client) {
        return "s3cr3t:with%&+= of " + client;
    }

    String issuer() {
        return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort();
    }

    int tokenRequests() {
        return tokenRequests.get();
    }

    /** Somebody opens the address of a device login in a browser and logs in. */
    void logIn(String person, URI place) throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = browser.send(
                    HttpRequest.newBuilder(place).header(PERSON, person).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 3) {
                throw new IOException("the login ended with status " + answer.statusCode());
            }
        }
    }

    /** An administrator takes away what belongs to this refresh token. */
    void revoke(String refreshToken) {
        OAuth2AuthorizationService authorizations = context.getBean(OAuth2AuthorizationService.class);
        OAuth2Authorization found =
                Objects.requireNonNull(authorizations.findByToken(refreshToken, OAuth2TokenType.REFRESH_TOKEN));
        authorizations.remove(found);
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
        context.close();
    }

    /** Counts what is asked of the token endpoint. */
    private static final class Counter extends OncePerRequestFilter {

        private final AtomicInteger count;

        Counter(AtomicInteger count) {
            this.count = count;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getRequestURI().equals("/oauth2/token")) {
                count.incrementAndGet();
            }
            chain.doFilter(request, response);
        }
    }

    /** Takes the person from a header. */
    private static final class Person extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String name = request.getHeader(PERSON);
            if (name != null) {
                var someone = SecurityContextHolder.createEmptyContext();
                someone.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(name, "none", List.of()));
                SecurityContextHolder.setContext(someone);
            }
            chain.doFilter(request, response);
        }
    }

    /** What is behind the filters. */
    private static final class Nothing extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** The server as Spring wants it described. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    static class Server {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(
                            server,
                            it -> it.oidc(Customizer.withDefaults())
                                    .deviceAuthorizationEndpoint(Customizer.withDefaults())
                                    .deviceVerificationEndpoint(Customizer.withDefaults()))
                    .csrf(AbstractHttpConfigurer::disable)
                    .authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .addFilterBefore(new Person(), AbstractPreAuthenticatedProcessingFilter.class)
                    .build();
        }

        @Bean
        RegisteredClientRepository clients(URI keys) {
            return new InMemoryRegisteredClientRepository(
                    withSecret("application")
                            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                            .build(),
                    RegisteredClient.withId("signer")
                            .clientId("signer")
                            .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                            .scope(SCOPE)
                            .clientSettings(ClientSettings.builder()
                                    .jwkSetUrl(keys.toString())
                                    .tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.RS256)
                                    .build())
                            .build(),
                    withSecret("person")
                            .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                            .tokenSettings(TokenSettings.builder()
                                    .reuseRefreshTokens(false)
                                    .accessTokenTimeToLive(Duration.ofMinutes(5))
                                    .build())
                            .build());
        }

        private static RegisteredClient.Builder withSecret(String id) {
            return RegisteredClient.withId(id)
                    .clientId(id)
                    .clientSecret("{noop}" + secretOf(id))
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .scope(SCOPE);
        }

        @Bean
        OAuth2AuthorizationService authorizations() {
            return new InMemoryOAuth2AuthorizationService();
        }

        /** Alice has agreed before. */
        @Bean
        OAuth2AuthorizationConsentService consents() {
            return new InMemoryOAuth2AuthorizationConsentService(OAuth2AuthorizationConsent.withId("person", "alice")
                    .scope(SCOPE)
                    .build());
        }

        @Bean
        JWKSource<SecurityContext> signingKeys() throws Exception {
            RSAKey key = new RSAKeyGenerator(2048).keyID("provider").generate();
            return new ImmutableJWKSet<>(new JWKSet(key));
        }

        @Bean
        JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }
    }
}
