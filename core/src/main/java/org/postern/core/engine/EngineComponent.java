// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import com.google.inject.Guice;
import com.google.inject.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.cluster.Answering;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.Round;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.EngineRuntime;
import org.postern.engine.ExplainRequest;
import org.postern.engine.MailQueue;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.Submission;
import org.postern.engine.dto.CredentialView;
import org.postern.engine.dto.Explanation;
import org.postern.engine.dto.MechanismView;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.MessageId;
import org.postern.spi.policy.BindingHook;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.StanzaType;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's border: services come in as references and go to the engine as events. Without a spool there is no engine;
 * everything else may come and go while mail flows.
 */
@Component(
        immediate = true,
        service = {DeliveryEngine.class, EngineRuntime.class, MailQueue.class, OtherNodes.class})
public final class EngineComponent implements DeliveryEngine, EngineRuntime, MailQueue, OtherNodes {

    private static final Logger LOG = LoggerFactory.getLogger(EngineComponent.class);

    private final Engine engine;
    private final SettingsInbox settingsInbox;
    private final CredentialInbox credentialInbox;
    private final Consumer<SettingsSnapshot> onSettings;
    private final Map<Long, String> storeNames = new ConcurrentHashMap<>();

    /** Builds the engine around a spool and takes up the mail in it. Registers are there before the spool that they belong to. */
    @Activate
    public EngineComponent(
            BundleContext context,
            @Reference Spool spool,
            @Reference SettingsInbox settingsInbox,
            @Reference CredentialInbox credentialInbox,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    SharedRegisters registers)
            throws IOException {
        Optional<Path> state =
                Optional.ofNullable(context.getProperty("postern.state")).map(Path::of);
        this.engine = Guice.createInjector(
                        Stage.PRODUCTION, new EngineModule(spool, state, Optional.ofNullable(registers)))
                .getInstance(Engine.class);
        this.settingsInbox = settingsInbox;
        this.credentialInbox = credentialInbox;
        this.onSettings = engine::configured;
        start(spool);
        settingsInbox.add(onSettings);
        credentialInbox.add(engine);
    }

    private void start(Spool spool) throws IOException {
        try {
            engine.start(spool);
        } catch (IOException | RuntimeException failure) {
            LOG.error("the spool cannot be read, so there is no engine: {}", failure.toString());
            engine.stop();
            throw failure;
        }
    }

    @Deactivate
    void deactivate() {
        settingsInbox.remove(onSettings);
        credentialInbox.remove(engine);
        engine.stop();
    }

    // A store that goes away leaves its last snapshot in force.
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSettings(SettingsStore store) {
        engine.configured(store.current());
    }

    void unbindSettings(SettingsStore store) {}

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindMechanism(ServiceReference<SaslMechanism> reference, SaslMechanism mechanism) {
        engine.mechanismArrived(describe(reference), mechanism);
    }

    void unbindMechanism(ServiceReference<SaslMechanism> reference) {
        engine.mechanismLeft(describe(reference));
    }

    private static InstalledMechanism describe(ServiceReference<SaslMechanism> reference) {
        return new InstalledMechanism(
                String.valueOf(reference.getProperty(Mechanism.PREFIX_ + "name")),
                ranking(reference),
                !Boolean.FALSE.equals(reference.getProperty(Mechanism.PREFIX_ + "revealsSecret")),
                feeds(reference.getProperty(Mechanism.PREFIX_ + "feeds")),
                bundle(reference),
                serviceId(reference));
    }

    private static Set<String> feeds(Object property) {
        return switch (property) {
            case String[] kinds -> Set.of(kinds);
            case String kind -> Set.of(kind);
            case null, default -> Set.of();
        };
    }

    // A reference that is being unregistered no longer knows its bundle.
    private static String bundle(ServiceReference<?> reference) {
        return Optional.ofNullable(reference.getBundle())
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .orElse("a bundle that is gone");
    }

    private static int ranking(ServiceReference<?> reference) {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    private static long serviceId(ServiceReference<?> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindStore(ServiceReference<CredentialStore> reference, CredentialStore store) {
        storeNames.put(serviceId(reference), store.name());
        engine.storeArrived(store, ranking(reference), serviceId(reference));
    }

    void unbindStore(ServiceReference<CredentialStore> reference) {
        long id = serviceId(reference);
        engine.storeLeft(Optional.ofNullable(storeNames.remove(id)).orElse("?"), id);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHook(ServiceReference<OutboundAuthHook> reference, OutboundAuthHook hook) {
        engine.hookArrived(hook, ranking(reference), serviceId(reference));
        updatedHook(reference);
    }

    // A component that takes another stanza stays the same service.
    void updatedHook(ServiceReference<OutboundAuthHook> reference) {
        engine.hookActsBy(serviceId(reference), digest(reference));
    }

    private static Optional<String> digest(ServiceReference<?> reference) {
        return Optional.ofNullable(reference.getProperty(StanzaType.DIGEST)).map(String::valueOf);
    }

    void unbindHook(ServiceReference<OutboundAuthHook> reference) {
        engine.hookLeft(serviceId(reference));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindBindingHook(ServiceReference<BindingHook> reference, BindingHook hook) {
        engine.bindingHookArrived(hook, ranking(reference), serviceId(reference));
        updatedBindingHook(reference);
    }

    void updatedBindingHook(ServiceReference<BindingHook> reference) {
        engine.hookActsBy(serviceId(reference), digest(reference));
    }

    void unbindBindingHook(ServiceReference<BindingHook> reference) {
        engine.bindingHookLeft(serviceId(reference));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(DeliveryListener listener) {
        engine.listenerArrived(listener);
    }

    void unbindListener(DeliveryListener listener) {
        engine.listenerLeft(listener);
    }

    @Override
    public Submission submit() throws IOException {
        return engine.intake().submit();
    }

    @Override
    public List<MechanismView> mechanisms() {
        return engine.runtime().mechanisms();
    }

    @Override
    public List<SessionView> sessions() {
        return engine.runtime().sessions();
    }

    @Override
    public List<QueueView> queues() {
        return engine.runtime().queues();
    }

    @Override
    public Map<String, Long> counters() {
        return engine.runtime().counters();
    }

    @Override
    public List<CredentialView> credentials() {
        return engine.runtime().credentials();
    }

    @Override
    public List<CredentialView> retry(String reference) {
        return engine.runtime().retry(reference);
    }

    @Override
    public Explanation explain(ExplainRequest request) throws InterruptedException {
        return engine.runtime().explain(request);
    }

    @Override
    public void visit(QueueFilter filter, Consumer<QueueEntry> visitor) throws IOException {
        engine.queue().visit(filter, visitor);
    }

    @Override
    public QueueChange apply(QueueAction action, QueueFilter filter, LongConsumer progress)
            throws IOException, InterruptedException {
        return engine.queue().apply(action, filter, progress);
    }

    @Override
    public Optional<byte[]> header(MessageId id) throws IOException {
        return engine.queue().header(id);
    }

    @Override
    public Optional<String> own() {
        return engine.others().own();
    }

    @Override
    public Optional<Round> ask(List<String> words) {
        return engine.others().ask(words);
    }

    @Override
    public void answerBy(Answering.Verbs verbs) {
        engine.others().answerBy(verbs);
    }
}
