"""Vacancies behind one shape, whoever provides them: HH.ru (`hh`), or «Работа России» (`trudvsem`)."""
