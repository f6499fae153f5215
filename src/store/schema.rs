//! The tables, in the types that both databases share; the views are in `views`. `tests/migrations.rs` compares both with both databases.

mod views;

pub(super) use views::*;

diesel::table! {
    roots (root_id) {
        root_id -> BigInt,
        location -> Text,
    }
}

diesel::table! {
    tools (tool_id) {
        tool_id -> BigInt,
        name -> Text,
        version -> Nullable<Text>,
    }
}

diesel::table! {
    hosts (host_id) {
        host_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    experiments (experiment_id) {
        experiment_id -> BigInt,
        name -> Text,
        command -> Nullable<Text>,
        description -> Nullable<Text>,
        system_wide -> Bool,
    }
}

diesel::table! {
    environments (environment_id) {
        environment_id -> BigInt,
        arch -> Nullable<Text>,
        vendor -> Nullable<Text>,
        family -> Nullable<Integer>,
        model -> Nullable<Integer>,
        stepping -> Nullable<Integer>,
        microarch -> Nullable<Text>,
        kernel -> Nullable<Text>,
        virt -> Nullable<Text>,
    }
}

diesel::table! {
    origins (origins_id) {
        origins_id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    spellings (spelling_id) {
        spelling_id -> BigInt,
        text -> Text,
        unit -> Nullable<Text>,
        kind -> Text,
    }
}

diesel::table! {
    scopes (scope_id) {
        scope_id -> BigInt,
        kind -> Text,
        label -> Text,
        cgroup -> Nullable<Text>,
        members -> Nullable<Integer>,
    }
}

diesel::table! {
    imports (import_id) {
        import_id -> BigInt,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        status -> Text,
        program_version -> Text,
        arguments -> Text,
        report -> Nullable<Text>,
    }
}

diesel::table! {
    label_sets (label_set_id) {
        label_set_id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    labels (label_set_id, name) {
        label_set_id -> BigInt,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    sides (sides_id) {
        sides_id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    sources (source_id) {
        source_id -> BigInt,
        digest -> Binary,
        import_id -> BigInt,
        root_id -> Nullable<BigInt>,
        path -> Text,
        bytes -> BigInt,
        modified_at -> Nullable<BigInt>,
        parser_id -> BigInt,
        taken_for -> Nullable<Text>,
        notes -> Nullable<Text>,
        lines -> Integer,
        result_lines -> Integer,
        furniture_lines -> Integer,
        foreign_lines -> Integer,
        rejected_lines -> Integer,
        runs -> Integer,
        results -> Integer,
        sides_id -> Nullable<BigInt>,
        entries -> Integer,
        supports -> Integer,
        environment_id -> Nullable<BigInt>,
        label_set_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    supports (source_id, ordinal) {
        source_id -> BigInt,
        ordinal -> Integer,
        line -> Integer,
        spelling_id -> BigInt,
        supported -> SmallInt,
        derived -> SmallInt,
        code -> Nullable<Text>,
        formula -> Nullable<Text>,
        counters -> Nullable<Text>,
        unit_masks -> Nullable<Text>,
    }
}

diesel::table! {
    runs (run_id) {
        run_id -> BigInt,
        source_id -> BigInt,
        ordinal -> Integer,
        line -> Integer,
        experiment_id -> Nullable<BigInt>,
        tool_id -> BigInt,
        host_id -> Nullable<BigInt>,
        environment_id -> BigInt,
        origins_id -> BigInt,
        command -> Nullable<Text>,
        target -> Nullable<Text>,
        started_at -> Nullable<BigInt>,
        wall_seconds -> Nullable<Double>,
        wall_spread_percent -> Nullable<Double>,
        user_seconds -> Nullable<Double>,
        sys_seconds -> Nullable<Double>,
        repeats -> Nullable<Integer>,
        label_set_id -> Nullable<BigInt>,
        repetition -> Nullable<BigInt>,
    }
}

diesel::table! {
    parsers (parser_id) {
        parser_id -> BigInt,
        format -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    forms (form_id) {
        form_id -> BigInt,
        spelling_id -> BigInt,
        metric_spelling_id -> Nullable<BigInt>,
        status -> SmallInt,
        flags -> SmallInt,
    }
}

diesel::table! {
    results (run_id, ordinal) {
        run_id -> BigInt,
        ordinal -> Integer,
        line -> Integer,
        form_id -> BigInt,
        count -> Nullable<BigInt>,
        metric_value -> Nullable<Double>,
        running_percent -> Nullable<Double>,
        runtime_ns -> Nullable<BigInt>,
        interval_ns -> Nullable<BigInt>,
        spread_percent -> Nullable<Double>,
        value -> Nullable<Double>,
        scope_id -> Nullable<BigInt>,
        metric_of -> Nullable<Integer>,
    }
}

diesel::table! {
    profile_names (name_id) {
        name_id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    entries (run_id, ordinal) {
        run_id -> BigInt,
        ordinal -> Integer,
        line -> Integer,
        kind -> SmallInt,
        spelling_id -> BigInt,
        image_id -> Nullable<BigInt>,
        app_id -> Nullable<BigInt>,
        symbol_id -> Nullable<BigInt>,
        of_symbol_id -> Nullable<BigInt>,
        location_id -> Nullable<BigInt>,
        address -> Nullable<BigInt>,
        samples -> BigInt,
        percent -> Nullable<Double>,
        diff_percent -> Nullable<Double>,
        cpu -> Nullable<Integer>,
        process -> Nullable<BigInt>,
        thread -> Nullable<BigInt>,
    }
}

diesel::table! {
    sightings (spelling_id, tool_id, environment_id) {
        spelling_id -> BigInt,
        tool_id -> BigInt,
        environment_id -> BigInt,
    }
}

diesel::table! {
    events (event_id) {
        event_id -> BigInt,
        microarch -> Text,
        text -> Text,
        pmu -> Text,
        config -> Nullable<Text>,
        config1 -> Nullable<Text>,
        class -> Nullable<Text>,
        class_is_soft -> Bool,
    }
}

diesel::table! {
    bindings (spelling_id, tool_id, environment_id) {
        spelling_id -> BigInt,
        tool_id -> BigInt,
        environment_id -> BigInt,
        catalogue -> Text,
        microarch -> Nullable<Text>,
        status -> Text,
        event_id -> Nullable<BigInt>,
        formula -> Nullable<Text>,
        relation -> Nullable<Text>,
        reason -> Nullable<Text>,
        method -> Nullable<Text>,
        origin -> Nullable<Text>,
        privilege -> Nullable<Text>,
    }
}

diesel::table! {
    name_sets (set_id) {
        set_id -> BigInt,
        kind -> Text,
        location -> Text,
        version -> Nullable<Text>,
        kernel -> Nullable<Text>,
        author -> Nullable<Text>,
        reason -> Nullable<Text>,
        added_at -> BigInt,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    names (set_id, ordinal) {
        set_id -> BigInt,
        ordinal -> Integer,
        microarch -> Text,
        tool -> Text,
        spelling -> Text,
        means_tool -> Nullable<Text>,
        means -> Nullable<Text>,
        supported -> SmallInt,
        file -> Text,
        line -> Integer,
    }
}

diesel::table! {
    cpus (set_id, ordinal) {
        set_id -> BigInt,
        ordinal -> Integer,
        line -> Integer,
        arch -> Nullable<Text>,
        vendor -> Nullable<Text>,
        family -> Nullable<Integer>,
        model -> Nullable<Integer>,
        stepping -> Nullable<Integer>,
        microarch -> Text,
    }
}

diesel::table! {
    verdicts (verdict_id) {
        verdict_id -> BigInt,
        path -> Text,
        digest -> Binary,
        run -> Integer,
        ordinal -> Integer,
        line -> Integer,
        event -> Text,
        kind -> Text,
        value -> Double,
        trust -> Double,
        author -> Text,
        reason -> Text,
        given_at -> BigInt,
        cleared_at -> Nullable<BigInt>,
        cleared_by -> Nullable<Text>,
    }
}

diesel::table! {
    judgements (run_id, ordinal) {
        run_id -> BigInt,
        ordinal -> Integer,
        auto -> Double,
    }
}

diesel::table! {
    judged (experiment_id) {
        experiment_id -> BigInt,
        version -> Text,
        program_version -> Text,
        begun_at -> BigInt,
        judged_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    rejects (import_id, ordinal) {
        import_id -> BigInt,
        ordinal -> BigInt,
        source_id -> Nullable<BigInt>,
        root_id -> Nullable<BigInt>,
        path -> Text,
        line -> Integer,
        col -> Integer,
        kind -> Text,
        reason -> Text,
        text -> Text,
    }
}

diesel::joinable!(sources -> parsers (parser_id));
diesel::allow_tables_to_appear_in_same_query!(
    runs, results, sources, parsers, sides, rejects, roots, imports, spellings, scopes
);
diesel::allow_tables_to_appear_in_same_query!(name_sets, names, cpus);
