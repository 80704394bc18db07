/// Words of development that stand for each other. A question with one of them finds an answer with another, at less weight.
enum Synonyms {
    /// Folded words that may stand in the place of one; empty for most.
    static func words(for stem: String) -> [Word] { table[stem] ?? [] }

    struct Word: Sendable, Equatable {
        /// As it is written, for the text index.
        var text: String
        var stem: String
    }

    private static let table: [String: [Word]] = {
        var table: [String: [Word]] = [:]
        func add(_ word: Word, to stem: String) {
            guard word.stem != stem, table[stem]?.contains(where: { $0.stem == word.stem }) != true else { return }
            table[stem, default: []].append(word)
        }
        for line in groups.split(separator: "\n") {
            let words = line.split(separator: " ").map { Word(text: String($0), stem: Words.stem(String($0))) }
            for word in words {
                for other in words { add(other, to: word.stem) }
            }
        }
        for line in kinds.split(separator: "\n") {
            let sides = line.split(separator: ":")
            guard sides.count == 2 else { continue }
            let members = sides[1].split(separator: " ").map { Word(text: String($0), stem: Words.stem(String($0))) }
            for name in sides[0].split(separator: " ") {
                for member in members { add(member, to: Words.stem(String(name))) }
            }
        }
        return table
    }()

    /// Each line: any for any.
    private static let groups = """
        test spec
        database db
        deploy deployment release rollout ship
        error failure exception fault crash
        bug issue problem defect
        fix solve resolve repair solution workaround
        authentication auth authenticate login signin
        authorization permission role access
        configuration config configure setting option preference
        environment env variable
        command cli
        start launch run boot startup
        dependency package library module
        container docker compose containerized
        cache caching
        directory folder
        prefer preference always never want like
        need require required must
        remove delete drop
        change switch replace move
        migrate migration
        style styling css
        performance speed slow fast latency
        payment checkout billing
        pending todo remaining open
        finished done complete completed
        reason because cause
        framework library tool
        local locally dev development
        stack technology tech
        version upgrade update
        create make add build
        implement build
        endpoint route api
        directory path folder location
        picture photo image
        repository repo
        documentation docs readme
        function method
        server backend
        frontend client ui
        schedule cron
        memory ram
        timeout deadline
        limit maximum max cap
        minimum min least
        currency amount money
        parameter argument flag
        key token secret
        concurrent parallel simultaneous
        duplicate double twice
        lock mutex
        queue job worker
        rename renaming
        disable off
        enable on
        log logging
        commit commits
        cellular mobile
        setup install initialize
        """

    /// A kind on the left calls for its members on the right, not the other way.
    private static let kinds = """
        database db sql:postgresql postgres mysql mariadb sqlite mongodb mongo redis dynamodb cassandra oracle cockroachdb duckdb clickhouse neo4j supabase firestore
        cache caching:redis memcached varnish valkey
        queue broker messaging:rabbitmq kafka celery sidekiq sqs nats bullmq
        framework:django flask fastapi rails laravel symfony express nestjs next nuxt react vue angular svelte spring gin actix axum phoenix tailwind bootstrap
        orm:sqlalchemy tortoise prisma sequelize typeorm drizzle hibernate activerecord gorm diesel ecto mongoose
        migration migrate:alembic aerich flyway liquibase prisma knex goose schema
        test testing:pytest jest vitest mocha junit rspec cypress playwright unittest xctest robolectric
        package manager:npm yarn pnpm bun pip poetry uv cargo maven gradle composer bundler brew
        css component:tailwind bootstrap sass scss bulma shadcn radix mui chakra
        payment provider:stripe paypal braintree adyen square
        hosting host cloud deployment:vercel netlify heroku aws gcp azure fly railway render kubernetes
        container orchestration:docker podman kubernetes compose helm
        ci pipeline:github actions jenkins circleci gitlab travis
        language:python javascript typescript swift rust golang java kotlin ruby php
        authentication auth login:jwt oauth session token cookie password saml
        email mail:sendgrid mailgun ses postmark resend smtp
        storage:s3 gcs minio bucket blob disk
        monitoring observability:sentry datadog prometheus grafana newrelic
        bundler:webpack vite rollup esbuild parcel turbopack
        linter lint formatter:eslint prettier ruff flake8 black pylint swiftlint clippy biome
        editor ide:vscode vim neovim emacs xcode intellij
        search:elasticsearch opensearch meilisearch algolia typesense solr
        """
}
